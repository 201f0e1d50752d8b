import avro from 'avsc';
import { tsImport } from 'tsx/esm/api';

/** The schema of `orderValue`. */
export const orderSchema = {
  type: 'record',
  name: 'Order',
  namespace: 'bench',
  fields: [
    { name: 'orderId', type: 'string' },
    {
      name: 'customer',
      type: {
        type: 'record',
        name: 'Customer',
        fields: [
          { name: 'id', type: 'int' },
          { name: 'name', type: 'string' },
          { name: 'isPremium', type: 'boolean' },
        ],
      },
    },
    { name: 'status', type: 'string' },
    { name: 'createdAt', type: 'string' },
    { name: 'total', type: 'double' },
    { name: 'currency', type: 'string' },
    { name: 'tags', type: { type: 'array', items: 'string' } },
    { name: 'note', type: 'string' },
  ],
};

/** A registry that knows the schema for the values of a topic; what is measured asks it once. */
export async function startRegistry(topic) {
  const stub = new URL('../../test/support/stub-registry.ts', import.meta.url);
  const { StubRegistry } = await tsImport(stub.href, import.meta.url);
  const registry = await StubRegistry.start();
  const schemaId = registry.register({ subject: `${topic}-value`, schema: orderSchema });
  return { url: registry.url, schemaId, close: () => registry.stop() };
}

/** A value as Confluent's serialisers write it: a zero byte, the schema's id, the datum. */
export function framedEncoder(schemaId) {
  const type = avro.Type.forSchema(orderSchema);
  const frame = Buffer.alloc(5);
  frame.writeInt32BE(schemaId, 1);
  return (value) => Buffer.concat([frame, type.toBuffer(value)]);
}
