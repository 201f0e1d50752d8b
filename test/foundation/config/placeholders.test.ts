import { describe, expect, it } from '@jest/globals';
import { environmentName, placeholderNames, resolvePlaceholders } from '../../../src/foundation/config/placeholders.ts';

const resolve = (value: unknown, known: Readonly<Record<string, unknown>> = {}) =>
  resolvePlaceholders(value, (name) => known[name]);

describe('environmentName', () => {
  it.each([
    ['kafka-consumer.group.id', 'KAFKA_CONSUMER_GROUP_ID'],
    ['server.httpPort', 'SERVER_HTTPPORT'],
    ['kafka.bootstrap.servers', 'KAFKA_BOOTSTRAP_SERVERS'],
    ['a.b-c_d1é', 'A_B_C_D1_'],
  ])('writes %s as %s', (key, name) => {
    expect(environmentName(key)).toBe(name);
  });
});

describe('resolvePlaceholders', () => {
  it('puts a value in the place of its name, and the default where there is none', () => {
    expect(resolve('${a.b:5}', { 'a.b': 'x' })).toBe('x');
    expect(resolve('${a.b:5}')).toBe('5');
    expect(resolve('${a.b}')).toBe('');
  });

  it('keeps the type of what replaces a whole value', () => {
    expect(resolve('${a:1}', { a: 7 })).toBe(7);
    expect(resolve('${a:1}', { a: false })).toBe(false);
    expect(resolve('${a:1}', { a: ['x', 'y'] })).toEqual(['x', 'y']);
  });

  it('writes values within a longer text as text', () => {
    expect(resolve('http://${host:localhost}:${port:80}/x', { port: 8080 })).toBe('http://localhost:8080/x');
    expect(resolve('<${list}>', { list: ['a'] })).toBe('<>');
  });

  it('takes everything behind the first colon as default, further colons and placeholders included', () => {
    expect(resolve('${a:host:9092}')).toBe('host:9092');
    expect(resolve('${a:${b:${c:deep}}}')).toBe('deep');
    expect(resolve('${a:${b:1}}', { b: 2 })).toBe(2);
    expect(resolve('${a:x${b:1}y}', { b: 2 })).toBe('x2y');
  });

  it('leaves text without a whole placeholder and values that are no text as they are', () => {
    expect(['plain', '${open', '$x', '{a}', 5, true, null, undefined].map((value) => resolve(value))).toEqual([
      'plain',
      '${open',
      '$x',
      '{a}',
      5,
      true,
      null,
      undefined,
    ]);
  });
});

describe('placeholderNames', () => {
  it('lists every name, those in defaults included', () => {
    expect(placeholderNames('${a.b:${c:1}}-${d}')).toEqual(['a.b', 'c', 'd']);
    expect([placeholderNames('none'), placeholderNames(5)]).toEqual([[], []]);
  });
});
