export { stopSharedServices as default } from './shared-kafka.ts';
