export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** `offset` is the position of the next record to read, or of one record, as the user of the type says. */
export interface TopicPartitionOffset extends TopicPartition {
  readonly offset: number;
}
