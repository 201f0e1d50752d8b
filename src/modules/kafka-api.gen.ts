// Generated from openapi/ by `npm run openapi:types`; do not edit.
export interface paths {
    "/producers/{topic}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Produces records to a topic
         * @description The body is a JSON object with `records`, JSON lines (`application/x-ndjson`, a record on each) or the bytes of one
         *     value (`application/octet-stream`).
         *
         *     AVRO, JSONSCHEMA and PROTOBUF write Confluent's wire format. The schema is that of the given id, version or text,
         *     else the latest of the subject; the registered type decides which of the three formats it is. Without a format a
         *     request is JSONSCHEMA where a registry is configured, else STRING keys and JSON values. Avro takes union values
         *     wrapped (`{"string":"x"}`) and plain; Protobuf follows proto3's JSON mapping and writes the first message of the
         *     schema.
         *
         *     The whole request is validated and serialised before its first record is sent: one bad record, and nothing is
         *     produced. Answers when every record is acknowledged by the broker (`acks=all`). Offsets stand in request order.
         *     When only some records failed after sending began, or all failed for different reasons, the answer is 207 and
         *     each failed entry is `{"errorCode", "error"}`. Where all failed for one reason, that reason's status is answered,
         *     with `offsets` and `requestStatus` beside the error. 504 means *unknown*: the record may still be written.
         */
        post: operations["produceRecords"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/consumers/{group}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                group: components["parameters"]["Group"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Creates a consumer instance in a group
         * @description The instance joins the group when it subscribes. It is closed after `kafka-consumer.instanceTimeoutMs` without a
         *     call, counted from the end of the last one. An empty body takes every default.
         */
        post: operations["createConsumerInstance"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/consumers/{group}/instances/{instance}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                group: components["parameters"]["Group"];
                instance: components["parameters"]["Instance"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Closes an instance; it leaves the group at once */
        delete: operations["deleteConsumerInstance"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/consumers/{group}/instances/{instance}/subscriptions": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                group: components["parameters"]["Group"];
                instance: components["parameters"]["Instance"];
            };
            cookie?: never;
        };
        /** Lists the subscribed topics */
        get: operations["getSubscription"];
        put?: never;
        /**
         * Subscribes to topics or to a topic pattern
         * @description Exactly one of `topics` and `topic_pattern`. The pattern has RE2 syntax, matches whole names and never an internal
         *     topic; topics created later are seen within 30 seconds. Replaces the subscription there was. A topic that does not
         *     exist yet is taken up when it is created.
         */
        post: operations["subscribe"];
        /** Ends the subscription or assignment */
        delete: operations["unsubscribe"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/consumers/{group}/instances/{instance}/assignments": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                group: components["parameters"]["Group"];
                instance: components["parameters"]["Instance"];
            };
            cookie?: never;
        };
        /** Lists the partitions this instance owns */
        get: operations["getAssignment"];
        put?: never;
        /**
         * Assigns partitions by hand, without group membership
         * @description Replaces the assignment there was. Reading begins at the committed offset, else at `auto.offset.reset`.
         */
        post: operations["assign"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/consumers/{group}/instances/{instance}/positions": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                group: components["parameters"]["Group"];
                instance: components["parameters"]["Instance"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Moves the read position by offset or by time
         * @description At least one entry in `offsets` or `timestamps`; a partition at most once. An offset beyond the log's ends means
         *     that end; a timestamp later than the last record means the end. Records fetched before are discarded. All or
         *     nothing: a partition that does not exist (404) or is not assigned to this instance (409) leaves every position as
         *     it was. Right after subscribing the call waits for the first assignment.
         */
        post: operations["seek"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/consumers/{group}/instances/{instance}/positions/first": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                group: components["parameters"]["Group"];
                instance: components["parameters"]["Instance"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Moves the read position to the start of partitions */
        post: operations["seekToFirst"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/consumers/{group}/instances/{instance}/positions/last": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                group: components["parameters"]["Group"];
                instance: components["parameters"]["Instance"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Moves the read position to the end of partitions */
        post: operations["seekToLast"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/consumers/{group}/instances/{instance}/records": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                group: components["parameters"]["Group"];
                instance: components["parameters"]["Instance"];
            };
            cookie?: never;
        };
        /**
         * Reads the next records
         * @description Answers as soon as one record (or `fetch.min.bytes`) is there, otherwise waits up to `timeout` and answers `[]`.
         *     At least one record however big; what exceeds `max_bytes` comes with the next read. One read at a time per
         *     instance. A reader that went away before its answer was handed to the socket loses nothing: the records come with
         *     the next read. A record that cannot be decoded stands in its place as `UndecodableRecord`.
         */
        get: operations["readRecords"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/consumers/{group}/instances/{instance}/offsets": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                group: components["parameters"]["Group"];
                instance: components["parameters"]["Instance"];
            };
            cookie?: never;
        };
        get?: never;
        /**
         * Looks up committed offsets
         * @description Partitions without a committed offset are omitted. Takes `partitions`, or `offsets` as older clients send it.
         */
        put: operations["getCommittedOffsets"];
        /**
         * Commits offsets and waits for the broker's word
         * @description `offset` is that of the last processed record; the group's next read begins one after it. A zero-length body
         *     commits exactly what was delivered by earlier reads. A partition not assigned to this instance: 409, and nothing
         *     is committed.
         */
        post: operations["commitOffsets"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Letters, digits, `.`, `_` and `-`; not `.` or `..`. */
        TopicName: string;
        /**
         * Format: well-formed
         * @description The name of an instance; no control characters, no lone surrogates, not `.` or `..`.
         */
        Name: string;
        /**
         * Format: well-formed
         * @description The name of a group; no control characters, no lone surrogates, not `.` or `..`, no space at its start, which the Kafka client would drop.
         */
        GroupName: string;
        /** @description BINARY (base64 text), STRING, JSON, AVRO, JSONSCHEMA or PROTOBUF, in any case; older clients' numbers 0 to 5 mean BINARY, JSON, AVRO, JSONSCHEMA, PROTOBUF, STRING. */
        Format: string | number;
        PartitionNumber: number;
        Offset: number;
        /** @description Milliseconds since 1970. */
        Timestamp: number;
        ProduceRequest: {
            keyFormat?: components["schemas"]["OptionalFormat"];
            valueFormat?: components["schemas"]["OptionalFormat"];
            format?: components["schemas"]["OptionalFormat"];
            key_format?: components["schemas"]["OptionalFormat"];
            value_format?: components["schemas"]["OptionalFormat"];
            keySchema?: components["schemas"]["SchemaText"];
            valueSchema?: components["schemas"]["SchemaText"];
            keySchemaSubject?: components["schemas"]["SchemaSubject"];
            valueSchemaSubject?: components["schemas"]["SchemaSubject"];
            keySchemaId?: components["schemas"]["SchemaNumber"];
            valueSchemaId?: components["schemas"]["SchemaNumber"];
            keySchemaVersion?: components["schemas"]["SchemaNumber"];
            valueSchemaVersion?: components["schemas"]["SchemaNumber"];
            key_schema?: components["schemas"]["SchemaText"];
            value_schema?: components["schemas"]["SchemaText"];
            key_schema_subject?: components["schemas"]["SchemaSubject"];
            value_schema_subject?: components["schemas"]["SchemaSubject"];
            key_schema_id?: components["schemas"]["SchemaNumber"];
            value_schema_id?: components["schemas"]["SchemaNumber"];
            key_schema_version?: components["schemas"]["SchemaNumber"];
            value_schema_version?: components["schemas"]["SchemaNumber"];
            records: components["schemas"]["ProduceRecord"][];
        };
        /** @description A format; null is the same as absent. */
        OptionalFormat: components["schemas"]["Format"] | null;
        /** @description A schema as text; needs a format, excludes id and version. Registered under the subject where it is not yet, if `schema.registry.auto.register.schemas` allows it. Not used with BINARY, STRING and JSON. */
        SchemaText: string | null;
        /**
         * Format: well-formed
         * @description The subject, when it is not `<topic>-key` or `<topic>-value`.
         */
        SchemaSubject: string | null;
        /** Format: well-formed */
        SubjectName: string;
        /** @description The id of a schema of the subject, or the version in it; without both the latest one is used. Not used with BINARY, STRING and JSON. */
        SchemaNumber: number | null;
        SchemaNumberQuery: number;
        /** @description An optional field that is null counts as absent. */
        ProduceRecord: {
            /** @description JSON of the key in the key format; null or absent is a Kafka null. */
            key?: unknown;
            /** @description JSON of the value in the value format; null or absent is a Kafka null (a tombstone). */
            value?: unknown;
            partition?: number | null;
            /** @description Milliseconds since 1970; 0 or absent is now. */
            timestamp?: number | null;
            headers?: components["schemas"]["ProduceHeaders"];
            traceabilityId?: components["schemas"]["Id"];
            correlationId?: components["schemas"]["Id"];
        };
        Id: string | null;
        /** @description A map of texts, or a list where names repeat, order counts or values are bytes. */
        ProduceHeaders: null | {
            [key: string]: string;
        } | ({
            name: string;
            value?: string;
            /** Format: byte */
            valueBase64?: string;
        } & (unknown | unknown))[];
        ProduceResponse: {
            offsets: (components["schemas"]["ProducedOffset"] | components["schemas"]["ProduceFailure"])[];
            key_schema_id?: number;
            value_schema_id?: number;
            /** @enum {string} */
            requestStatus: "OK" | "PARTIAL" | "FAILED" | "FORBIDDEN" | "UNAUTHORIZED";
        };
        ProduceAccepted: {
            records: number;
            key_schema_id?: number;
            value_schema_id?: number;
            /** @enum {string} */
            requestStatus: "ACCEPTED";
        };
        /** @description Without `offset` for `acks=0`. */
        ProducedOffset: {
            partition: components["schemas"]["PartitionNumber"];
            offset?: components["schemas"]["Offset"];
        };
        ProduceFailure: {
            /** @description 40001 refused record, 40101 authentication, 40301 authorisation, 40401 topic, 40402 partition, 41301 size, 50401 not acknowledged in time (unknown), 50003 retriable, 50002 other. */
            errorCode: number;
            error: string;
        };
        CreateConsumerInstanceRequest: {
            id?: components["schemas"]["Name"];
            name?: components["schemas"]["Name"];
            keyFormat?: components["schemas"]["Format"];
            valueFormat?: components["schemas"]["Format"];
            format?: components["schemas"]["Format"];
            key_format?: components["schemas"]["Format"];
            value_format?: components["schemas"]["Format"];
            /**
             * @default map
             * @enum {string}
             */
            headerFormat?: "map" | "list";
            "auto.offset.reset"?: components["schemas"]["OffsetReset"];
            autoOffsetReset?: components["schemas"]["OffsetReset"];
            "auto.commit.enable"?: components["schemas"]["Switch"];
            autoCommitEnable?: components["schemas"]["Switch"];
            "fetch.min.bytes"?: number;
            responseMinBytes?: number;
            "consumer.request.timeout.ms"?: number;
            requestWaitMs?: number;
        };
        /** @enum {string} */
        OffsetReset: "earliest" | "latest" | "none";
        Switch: boolean | ("true" | "false");
        ConsumerInstance: {
            instance_id: string;
            base_uri: string;
        };
        Subscription: {
            topics?: components["schemas"]["TopicName"][];
            /** Format: well-formed */
            topic_pattern?: string;
        } & (Record<string, never> | Record<string, never>);
        SubscriptionList: {
            topics: string[];
        };
        PartitionList: {
            partitions: components["schemas"]["TopicPartition"][];
        };
        AssignmentList: {
            partitions: components["schemas"]["TopicPartition"][];
        };
        TopicPartition: {
            topic: components["schemas"]["TopicName"];
            partition: components["schemas"]["PartitionNumber"];
        };
        SeekRequest: {
            offsets?: components["schemas"]["TopicPartitionOffset"][];
            timestamps?: {
                topic: components["schemas"]["TopicName"];
                partition: components["schemas"]["PartitionNumber"];
                timestamp: components["schemas"]["Timestamp"];
                /** Format: well-formed */
                metadata?: string | null;
            }[];
        };
        TopicPartitionOffset: {
            topic: components["schemas"]["TopicName"];
            partition: components["schemas"]["PartitionNumber"];
            offset: components["schemas"]["Offset"];
            /** Format: well-formed */
            metadata?: string | null;
        };
        CommitRequest: {
            offsets: components["schemas"]["TopicPartitionOffset"][];
        };
        CommittedOffsetsRequest: {
            partitions?: components["schemas"]["TopicPartition"][];
            /** @description Older clients' name of `partitions`; offsets and metadata in it mean nothing here. */
            offsets?: {
                topic: components["schemas"]["TopicName"];
                partition: components["schemas"]["PartitionNumber"];
                offset?: components["schemas"]["Offset"];
                /** Format: well-formed */
                metadata?: string | null;
            }[];
        } & (Record<string, never> | Record<string, never>);
        CommittedOffsets: {
            offsets: {
                topic: string;
                partition: components["schemas"]["PartitionNumber"];
                offset: components["schemas"]["Offset"];
                metadata: string;
            }[];
        };
        RecordList: (components["schemas"]["ConsumerRecord"] | components["schemas"]["UndecodableRecord"])[];
        ConsumerRecord: {
            topic: string;
            /** @description Absent for a Kafka null. */
            key?: unknown;
            /** @description Absent for a tombstone; null is the JSON text `null`. */
            value?: unknown;
            headers: components["schemas"]["ConsumedHeaders"];
            partition: components["schemas"]["PartitionNumber"];
            offset: components["schemas"]["Offset"];
            timestamp?: components["schemas"]["Timestamp"];
        };
        ConsumedHeaders: {
            [key: string]: string;
        } | {
            name: string;
            value?: string;
            valueBase64?: string;
        }[];
        UndecodableRecord: {
            topic: string;
            partition: components["schemas"]["PartitionNumber"];
            offset: components["schemas"]["Offset"];
            timestamp?: components["schemas"]["Timestamp"];
            headers: components["schemas"]["ConsumedHeaders"];
            error: {
                code: string;
                description: string;
            };
            keyBase64?: string;
            valueBase64?: string;
        };
        Error: {
            statusCode: number;
            code: string;
            message: string;
            description: string;
            /** @enum {string} */
            severity: "ERROR";
        };
    };
    responses: {
        /** @description What went wrong, where, and what to do. */
        Error: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
    };
    parameters: {
        Topic: components["schemas"]["TopicName"];
        Group: components["schemas"]["GroupName"];
        Instance: components["schemas"]["Name"];
        /** @description `format` of keys and values of an `application/x-ndjson` body; refused with others. */
        QueryFormat: components["schemas"]["Format"];
        /** @description `keyFormat` of the records of an `application/x-ndjson` body; refused with others. */
        QueryKeyFormat: components["schemas"]["Format"];
        /** @description `valueFormat` of the records of an `application/x-ndjson` body; refused with others. */
        QueryValueFormat: components["schemas"]["Format"];
        /** @description `keySchemaSubject` of the records of an `application/x-ndjson` body; refused with others. */
        QueryKeySchemaSubject: components["schemas"]["SubjectName"];
        /** @description `valueSchemaSubject` of the records of an `application/x-ndjson` body; refused with others. */
        QueryValueSchemaSubject: components["schemas"]["SubjectName"];
        /** @description `keySchemaId` of the records of an `application/x-ndjson` body; refused with others. */
        QueryKeySchemaId: components["schemas"]["SchemaNumberQuery"];
        /** @description `valueSchemaId` of the records of an `application/x-ndjson` body; refused with others. */
        QueryValueSchemaId: components["schemas"]["SchemaNumberQuery"];
        /** @description `keySchemaVersion` of the records of an `application/x-ndjson` body; refused with others. */
        QueryKeySchemaVersion: components["schemas"]["SchemaNumberQuery"];
        /** @description `valueSchemaVersion` of the records of an `application/x-ndjson` body; refused with others. */
        QueryValueSchemaVersion: components["schemas"]["SchemaNumberQuery"];
    };
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    produceRecords: {
        parameters: {
            query?: {
                /** @description Shortens the wait for acknowledgement, in milliseconds (at most `kafka-producer.requestTimeoutMs`). */
                timeoutMs?: number;
                /** @description Who acknowledges: `all` replicas in sync, idempotently; the leader alone (`1`); nobody (`0`, the answer then has no offsets). Each level has a producer of its own, so order holds within a level. */
                acks?: "all" | "1" | "0";
                /** @description Answers 202 when the records are queued; what is lost then stands in the log. Excludes `Idempotency-Key`. */
                async?: boolean;
                /** @description `format` of keys and values of an `application/x-ndjson` body; refused with others. */
                format?: components["parameters"]["QueryFormat"];
                /** @description `keyFormat` of the records of an `application/x-ndjson` body; refused with others. */
                keyFormat?: components["parameters"]["QueryKeyFormat"];
                /** @description `valueFormat` of the records of an `application/x-ndjson` body; refused with others. */
                valueFormat?: components["parameters"]["QueryValueFormat"];
                /** @description `keySchemaSubject` of the records of an `application/x-ndjson` body; refused with others. */
                keySchemaSubject?: components["parameters"]["QueryKeySchemaSubject"];
                /** @description `valueSchemaSubject` of the records of an `application/x-ndjson` body; refused with others. */
                valueSchemaSubject?: components["parameters"]["QueryValueSchemaSubject"];
                /** @description `keySchemaId` of the records of an `application/x-ndjson` body; refused with others. */
                keySchemaId?: components["parameters"]["QueryKeySchemaId"];
                /** @description `valueSchemaId` of the records of an `application/x-ndjson` body; refused with others. */
                valueSchemaId?: components["parameters"]["QueryValueSchemaId"];
                /** @description `keySchemaVersion` of the records of an `application/x-ndjson` body; refused with others. */
                keySchemaVersion?: components["parameters"]["QueryKeySchemaVersion"];
                /** @description `valueSchemaVersion` of the records of an `application/x-ndjson` body; refused with others. */
                valueSchemaVersion?: components["parameters"]["QueryValueSchemaVersion"];
            };
            header?: {
                /** @description 1 to 255 printable ASCII characters. A repeated request to the same topic with the same key and the same body is answered with the first one's answer and `Idempotent-Replayed: true`, nothing is written again. Another body: 422 ERR12224. The first is still running, or its outcome not known yet: 409 ERR12225. A request that wrote nothing frees its key. Kept in memory for `kafka-producer.idempotencyTtlMs`, lost with the process. */
                "Idempotency-Key"?: string;
                /** @description With `application/octet-stream`, the key; its bytes are written as they are. */
                "X-Kafka-Key"?: string;
                /** @description With `application/octet-stream`, the partition; without it the key decides. */
                "X-Kafka-Partition"?: number;
                /** @description With `application/octet-stream`, a record header NAME; may be repeated. */
                "X-Kafka-Header-NAME"?: string;
            };
            path: {
                topic: components["parameters"]["Topic"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "records": [
                 *         {
                 *           "key": "alice",
                 *           "value": {
                 *             "count": 2
                 *           }
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["ProduceRequest"];
                /**
                 * @example {"key":"alice","value":{"count":2}}
                 *     {"key":"john","value":{"count":1}}
                 */
                "application/x-ndjson": string;
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description Every record is acknowledged. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProduceResponse"];
                };
            };
            /** @description With `async=true`, the records are queued. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProduceAccepted"];
                };
            };
            /** @description Some records failed (`PARTIAL`), or all for different reasons (`FAILED`). */
            207: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProduceResponse"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    createConsumerInstance: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                group: components["parameters"]["Group"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "keyFormat": "STRING",
                 *       "valueFormat": "JSON",
                 *       "auto.offset.reset": "earliest"
                 *     }
                 */
                "application/json": components["schemas"]["CreateConsumerInstanceRequest"];
            };
        };
        responses: {
            /** @description The instance and the path under which its operations stand. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsumerInstance"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    deleteConsumerInstance: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                group: components["parameters"]["Group"];
                instance: components["parameters"]["Instance"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Closed. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    getSubscription: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                group: components["parameters"]["Group"];
                instance: components["parameters"]["Instance"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The topics, those a pattern matches included. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubscriptionList"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    subscribe: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                group: components["parameters"]["Group"];
                instance: components["parameters"]["Instance"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "topics": [
                 *         "test1"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["Subscription"];
            };
        };
        responses: {
            /** @description Subscribed. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    unsubscribe: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                group: components["parameters"]["Group"];
                instance: components["parameters"]["Instance"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Nothing is subscribed any more. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    getAssignment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                group: components["parameters"]["Group"];
                instance: components["parameters"]["Instance"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The partitions assigned by hand or by the group; empty before the first assignment. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AssignmentList"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    assign: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                group: components["parameters"]["Group"];
                instance: components["parameters"]["Instance"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "partitions": [
                 *         {
                 *           "topic": "test1",
                 *           "partition": 0
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["PartitionList"];
            };
        };
        responses: {
            /** @description Assigned. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    seek: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                group: components["parameters"]["Group"];
                instance: components["parameters"]["Instance"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "offsets": [
                 *         {
                 *           "topic": "test1",
                 *           "partition": 0,
                 *           "offset": 12
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["SeekRequest"];
            };
        };
        responses: {
            /** @description The next read begins there. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    seekToFirst: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                group: components["parameters"]["Group"];
                instance: components["parameters"]["Instance"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PartitionList"];
            };
        };
        responses: {
            /** @description The next read begins at the first record kept. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    seekToLast: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                group: components["parameters"]["Group"];
                instance: components["parameters"]["Instance"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PartitionList"];
            };
        };
        responses: {
            /** @description The next read begins with the next record written. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Error"];
        };
    };
    readRecords: {
        parameters: {
            query?: {
                /** @description Milliseconds to wait for a first record; default `consumer.request.timeout.ms` of the instance. */
                timeout?: number;
                /** @description Limit on raw key and value bytes; default `kafka-consumer.requestMaxBytes`. */
                max_bytes?: number;
                /**
                 * @deprecated
                 * @description light-4j's spelling of `max_bytes`.
                 */
                maxBytes?: number;
                /** @description Limit on the number of records. */
                max_records?: number;
                /**
                 * @deprecated
                 * @description Accepted for older clients; the instance's formats apply.
                 */
                format?: components["schemas"]["Format"];
            };
            header?: never;
            path: {
                group: components["parameters"]["Group"];
                instance: components["parameters"]["Instance"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The records in order of their partitions' offsets. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecordList"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    getCommittedOffsets: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                group: components["parameters"]["Group"];
                instance: components["parameters"]["Instance"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "partitions": [
                 *         {
                 *           "topic": "test1",
                 *           "partition": 0
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["CommittedOffsetsRequest"];
            };
        };
        responses: {
            /** @description The next offset the group will read, per partition. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommittedOffsets"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    commitOffsets: {
        parameters: {
            query?: {
                /**
                 * @deprecated
                 * @description Accepted for older clients; commits are always awaited.
                 */
                async?: boolean;
            };
            header?: never;
            path: {
                group: components["parameters"]["Group"];
                instance: components["parameters"]["Instance"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "offsets": [
                 *         {
                 *           "topic": "test1",
                 *           "partition": 0,
                 *           "offset": 495740
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["CommitRequest"];
            };
        };
        responses: {
            /** @description Committed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown[];
                };
            };
            default: components["responses"]["Error"];
        };
    };
}
