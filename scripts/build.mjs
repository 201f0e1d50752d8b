// Compiles src to dist, installing what that needs first.
import { bootstrap } from './bootstrap.mjs';
import { build } from './support/build.mjs';

await bootstrap();
await build();
