// npm start: installs what is missing, compiles, and runs the sidecar in the foreground. Arguments go to the sidecar.
import { bootstrap } from './bootstrap.mjs';
import { build } from './support/build.mjs';
import { run } from './support/shell.mjs';

/** Threads for the Kafka client's blocking calls. libuv reads it once, before any code of the process runs. */
const threadPoolSize = process.env.UV_THREADPOOL_SIZE ?? '16';

await bootstrap();
await build();
const env = { UV_THREADPOOL_SIZE: threadPoolSize };
process.exitCode = await run(process.execPath, ['dist/main.js', ...process.argv.slice(2)], { env });
