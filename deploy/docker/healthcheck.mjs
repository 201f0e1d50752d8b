// Asks the sidecar beside it for its health; exits with 0 where the answer is 200, else with 1. No dependencies.
//
//   node healthcheck.mjs [liveness|readiness]
//
// Address and ports are the environment's. Where values.yml sets them, or only HTTPS is served, set SERVER_MANAGEMENTPORT:
// the second listener has health alone, and never TLS.
import { get } from 'node:http';

/** Below the time Docker gives the whole program, milliseconds. */
const timeoutMs = 2_500;
/** Addresses to listen on that are none to call. */
const anyAddress = new Map([
  ['0.0.0.0', '127.0.0.1'],
  ['::', '::1'],
]);

const { SERVER_MANAGEMENTPORT, SERVER_MANAGEMENTIP, SERVER_HTTPPORT, SERVER_IP } = process.env;
const listener = SERVER_MANAGEMENTPORT
  ? { ip: SERVER_MANAGEMENTIP, port: SERVER_MANAGEMENTPORT }
  : { ip: SERVER_IP, port: SERVER_HTTPPORT };
const ip = listener.ip || '127.0.0.1';
const options = {
  host: anyAddress.get(ip) ?? ip,
  port: listener.port || 8080,
  path: `/health/${process.argv[2] ?? 'liveness'}`,
};

const end = (isHealthy) => process.exit(isHealthy ? 0 : 1);
get(options, ({ statusCode }) => end(statusCode === 200)).on('error', () => end(false));
setTimeout(() => end(false), timeoutMs);
