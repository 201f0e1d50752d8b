// Load process: opens HTTP connections that all produce once, and holds them open until it is told to end.
import { Agent, request as httpRequest } from 'node:http';
import { printResult, readArgs } from './support/args.mjs';
import { produceBody } from './support/payload.mjs';

const { url, count } = readArgs();
const agent = new Agent({ keepAlive: true, maxSockets: count, maxFreeSockets: count });

function produce(number) {
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', agent, headers: { 'content-type': 'application/json' } };
    const request = httpRequest(url, options, (response) => {
      response.resume();
      response.on('end', () => (response.statusCode === 200 ? resolve() : reject(new Error(`${response.statusCode}`))));
    });
    request.on('error', reject);
    request.end(produceBody(number, 1));
  });
}

process.once('SIGTERM', () => process.exit(0));
// All at once: the agent opens a connection for each request that finds none free.
await Promise.all(Array.from({ length: count }, (_, number) => produce(number)));
printResult({ connections: count });
// An idle connection does not keep the process alive.
setInterval(() => {}, 60_000);
