import { expect } from 'chai';
import { emitRecord, readRecords } from '../../src/wire/dns-record.ts';
import { DNS_TYPE } from '../../src/wire/dns-value.ts';

const record = (type: number, value: string) => ({
  name: 'a.example',
  type,
  class: 1,
  ttl: 5,
  value,
});

describe('wire/dns-record', () => {
  const values: readonly (readonly [number, string])[] = [
    [DNS_TYPE.A, '192.0.2.1'],
    [DNS_TYPE.AAAA, '2001:db8::1'],
    [DNS_TYPE.CNAME, 'b.example'],
    [DNS_TYPE.NS, 'ns.example'],
    [DNS_TYPE.PTR, 'host.example'],
    [DNS_TYPE.TXT, ''],
    [DNS_TYPE.TXT, 'x'.repeat(600)],
    [99, 'deadbeef'],
  ];
  for (const [type, value] of values)
    it(`readRecords() reads a record of type ${type} that emitRecord() wrote`, () => {
      const emitted = emitRecord(record(type, value));
      if (!emitted.ok) throw new Error(emitted.error);
      expect(readRecords(emitted.value, 0, 1)).to.deep.equal({
        ok: true,
        value: { records: [record(type, value)], next: emitted.value.length },
      });
    });

  it('emitRecord() refuses values that its type cannot hold', () => {
    for (const [type, value] of [
      [DNS_TYPE.A, '::1'],
      [DNS_TYPE.AAAA, '1.2.3.4'],
      [DNS_TYPE.A, 'x'],
      [DNS_TYPE.CNAME, 'a..b'],
    ] as const)
      expect(emitRecord(record(type, value)).ok, value).to.equal(false);
  });

  const faults: readonly (readonly [string, readonly number[], string])[] = [
    ['an A record of 3 bytes', [0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 3, 1, 2, 3], 'does not have 4 bytes'],
    ['an AAAA record of 1 byte', [0, 0, 28, 0, 1, 0, 0, 0, 0, 0, 1, 1], 'does not have 16 bytes'],
    [
      'a TXT string beyond its record',
      [0, 0, 16, 0, 1, 0, 0, 0, 0, 0, 2, 9, 1],
      'longer than its record',
    ],
    ['data beyond the message', [0, 0, 16, 0, 1, 0, 0, 0, 0, 0, 9], 'ends outside'],
  ];
  for (const [what, bytes, wish] of faults)
    it(`readRecords() refuses ${what}`, () => {
      const read = readRecords(Uint8Array.from(bytes), 0, 1);
      expect(read.ok ? '' : read.error).to.include(wish);
    });
});
