import type { IncomingHttpHeaders } from 'node:http';
import { SidecarError } from '../../foundation/errors/sidecar-error.ts';
import { createCorrelationId } from '../../foundation/correlation-id.ts';
import type { Exchange } from '../exchange.ts';

/** Longest id accepted, in characters; ids go into every log line and record. */
const maxIdLength = 1024;
const controlCharacter = /[\u0000-\u001f\u007f-\u009f]/;
const nonAscii = /[^\u0000-\u007f]/;
const traceIds = '(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}';
/** W3C Trace Context: version 00 has these fields and no more, later ones may have some behind. */
const traceparentForm = new RegExp(`^(?:00-${traceIds}|(?!00|ff)[0-9a-f]{2}-${traceIds}(?:-.*)?)$`);

/** Takes the request's correlation, traceability and trace ids; a missing correlation id is generated. */
export function ids(exchange: Exchange): void {
  const { headers } = exchange.message;
  const correlation = headerText(headers, 'x-correlation-id');
  if (correlation === undefined) {
    exchange.correlationId = createCorrelationId();
    exchange.correlationIdHeader = exchange.correlationId;
  } else {
    exchange.correlationId = checkedId(correlation, 'X-Correlation-Id', exchange);
    exchange.correlationIdHeader = correlation;
  }
  const traceability = headerText(headers, 'x-traceability-id');
  if (traceability !== undefined) {
    exchange.traceabilityId = checkedId(traceability, 'X-Traceability-Id', exchange);
    exchange.traceabilityIdHeader = traceability;
  }
  const traceparent = headerText(headers, 'traceparent');
  if (traceparent !== undefined && traceparentForm.test(traceparent)) {
    exchange.traceparent = traceparent;
    exchange.tracestate = headerText(headers, 'tracestate');
  }
}

function headerText(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  if (value === undefined || value === '') return undefined;
  return typeof value === 'string' ? value : value.join(', ');
}

/** HTTP hands header bytes over as Latin-1 text; an id beyond ASCII is UTF-8 on the wire. */
function checkedId(raw: string, name: string, exchange: Exchange): string {
  let id = raw;
  if (nonAscii.test(raw)) {
    id = Buffer.from(raw, 'latin1').toString('utf8');
    if (id.includes('\ufffd')) refuse(exchange, `header ${name} is not UTF-8 text`);
  }
  if (controlCharacter.test(id)) refuse(exchange, `header ${name} holds a control character`);
  if (id.length > maxIdLength) refuse(exchange, `header ${name} is longer than ${maxIdLength} characters`);
  return id;
}

function refuse(exchange: Exchange, description: string): never {
  exchange.correlationId = createCorrelationId();
  exchange.correlationIdHeader = exchange.correlationId;
  throw new SidecarError('ERR11004', description);
}
