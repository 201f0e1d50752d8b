import type { SectionValues } from './field.ts';
import type { RegistryConfig } from './registry-config.ts';
import type {
  adminFields,
  consumerFields,
  healthFields,
  loggingFields,
  producerFields,
  serverFields,
} from './sections.ts';

/** Properties of the Kafka client under librdkafka's names. */
export type ClientProperties = Readonly<Record<string, string | number | boolean>>;

export interface ClientSection {
  readonly properties: ClientProperties;
  /** Undefined where no schema registry is configured. */
  readonly registry: RegistryConfig | undefined;
}

/** The whole configuration, compiled once at the start and frozen. Fields are described in `sections.ts`. */
export interface Config {
  readonly server: SectionValues<typeof serverFields>;
  readonly kafka: { readonly bootstrapServers: string };
  readonly kafkaProducer: Omit<SectionValues<typeof producerFields>, 'partialFailureStatus'> &
    ClientSection & { readonly partialFailureStatus: 200 | 207 };
  readonly kafkaConsumer: SectionValues<typeof consumerFields> & ClientSection;
  readonly health: SectionValues<typeof healthFields>;
  readonly logging: SectionValues<typeof loggingFields>;
  readonly admin: SectionValues<typeof adminFields>;
  /** NODE_ENV is `production`: no embedded broker. */
  readonly isProduction: boolean;
  /** No broker is configured: the sidecar hosts one in memory. */
  readonly embedded: boolean;
}
