/** Size of a record's value, bytes. */
export const valueBytes = 1024;

const sentence = 'The parcel was handed over at the loading dock and the driver signed for eleven boxes. ';

/** A realistic value: several fields and one long string, exactly `valueBytes` long as JSON. */
export function orderValue(number) {
  const order = {
    orderId: `order-${String(number).padStart(10, '0')}`,
    customer: { id: 100_000 + (number % 900_000), name: 'Ada Lovelace', isPremium: number % 2 === 0 },
    status: 'shipped',
    createdAt: '2025-03-01T12:34:56.789Z',
    total: 1289.5,
    currency: 'EUR',
    tags: ['fragile', 'express'],
    note: '',
  };
  const missing = valueBytes - Buffer.byteLength(JSON.stringify(order));
  order.note = sentence.repeat(Math.ceil(missing / sentence.length)).slice(0, missing);
  return order;
}

/** A produce body of `count` records with further fields; keys differ, so that the records spread over all partitions. */
export function produceBody(firstNumber, count, settings = {}) {
  const records = Array.from({ length: count }, (_, i) => ({
    key: `customer-${firstNumber + i}`,
    value: orderValue(firstNumber + i),
  }));
  return JSON.stringify({ ...settings, records });
}
