/** One row of the error contract: the HTTP status and the symbol every answer with this code carries. */
export interface StatusRow {
  readonly status: number;
  readonly message: string;
  /** Seconds sent as `Retry-After`, for conditions that pass by themselves. */
  readonly retryAfterSeconds?: number;
}

/**
 * Every error the sidecar answers, code → HTTP status and symbol.
 *
 * ERR10xxx, ERR11xxx, ERR12200–12218 and ERR30xxx keep light-4j's numbers; ERR12219 and above are the sidecar's own.
 */
export const statusTable = {
  ERR10007: { status: 404, message: 'INVALID_REQUEST_PATH' },
  ERR10008: { status: 405, message: 'METHOD_NOT_ALLOWED' },
  ERR10010: { status: 500, message: 'RUNTIME_EXCEPTION' },
  ERR10015: { status: 400, message: 'CONTENT_TYPE_MISMATCH' },
  ERR11000: { status: 400, message: 'VALIDATOR_REQUEST_PARAMETER_QUERY_MISSING' },
  ERR11001: { status: 400, message: 'VALIDATOR_REQUEST_PARAMETER_MISSING' },
  ERR11004: { status: 400, message: 'VALIDATOR_SCHEMA' },
  ERR11014: { status: 400, message: 'VALIDATOR_REQUEST_BODY_MISSING' },
  ERR12200: { status: 404, message: 'CONSUMER_INSTANCE_NOT_FOUND' },
  ERR12201: { status: 400, message: 'INVALID_CONSUMER_CONFIG' },
  ERR12202: { status: 400, message: 'CONSUMER_INSTANCE_EXISTS' },
  ERR12205: { status: 400, message: 'CONSUMER_READ_EXCEPTION' },
  ERR12206: { status: 400, message: 'SERIALIZE_SCHEMA_EXCEPTION' },
  ERR12207: { status: 400, message: 'CONSUMER_COMMIT_EXCEPTION' },
  ERR12208: { status: 400, message: 'SCHEMA_MANAGER_EXCEPTION' },
  ERR12210: { status: 400, message: 'SCHEMA_ID_AND_VERSION_CONFLICT' },
  ERR12211: { status: 400, message: 'SCHEMA_ID_AND_RAW_SCHEMA_CONFLICT' },
  ERR12213: { status: 400, message: 'SCHEMA_VERSION_AND_RAW_SCHEMA_CONFLICT' },
  ERR12214: { status: 400, message: 'RAW_SCHEMA_WITHOUT_FORMAT' },
  ERR12216: { status: 400, message: 'CAPABILITY_NOT_ENABLED' },
  ERR12219: { status: 404, message: 'TOPIC_OR_PARTITION_NOT_FOUND' },
  ERR12220: { status: 409, message: 'PARTITION_NOT_ASSIGNED' },
  ERR12221: { status: 409, message: 'READ_ALREADY_RUNNING' },
  ERR12222: { status: 409, message: 'SUBSCRIPTION_CONFLICT' },
  ERR12223: { status: 429, message: 'CONSUMER_INSTANCE_LIMIT', retryAfterSeconds: 5 },
  ERR12224: { status: 422, message: 'IDEMPOTENCY_KEY_REUSED' },
  ERR12225: { status: 409, message: 'IDEMPOTENT_REQUEST_RUNNING' },
  ERR12226: { status: 503, message: 'OVERLOADED', retryAfterSeconds: 1 },
  ERR12227: { status: 503, message: 'BROKER_UNREACHABLE', retryAfterSeconds: 1 },
  ERR12228: { status: 504, message: 'NOT_ACKNOWLEDGED_IN_TIME' },
  ERR12229: { status: 503, message: 'SCHEMA_REGISTRY_UNREACHABLE', retryAfterSeconds: 1 },
  ERR12230: { status: 501, message: 'NOT_SUPPORTED_BY_EMBEDDED_BROKER' },
  ERR12231: { status: 413, message: 'TOO_LARGE' },
  ERR12232: { status: 415, message: 'UNSUPPORTED_CONTENT' },
  ERR12234: { status: 403, message: 'ORIGIN_REFUSED' },
  ERR12235: { status: 403, message: 'KAFKA_AUTHORIZATION_FAILED' },
  ERR12236: { status: 500, message: 'PRODUCE_FAILED' },
  ERR12237: { status: 400, message: 'RECORD_REFUSED' },
  ERR12238: { status: 408, message: 'REQUEST_NOT_RECEIVED_IN_TIME' },
  ERR12239: { status: 406, message: 'NOT_ACCEPTABLE' },
  ERR12240: { status: 431, message: 'REQUEST_HEADERS_TOO_LARGE' },
  ERR12241: { status: 400, message: 'MALFORMED_HTTP' },
} as const satisfies Record<string, StatusRow>;

export type StatusCode = keyof typeof statusTable;
