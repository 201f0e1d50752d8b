export { stopSharedKafka as default } from './shared-kafka.ts';
