import { expect } from 'chai';
import { findSuite } from '../../../../src/agent/endpoint/tls13/cipher-suite.ts';
import { createProtection } from '../../../../src/agent/endpoint/tls13/protection.ts';
import { createRecordReader } from '../../../../src/agent/endpoint/tls13/records.ts';

describe('agent/endpoint/tls13/protection', () => {
  for (const number of [0x1301, 0x1302, 0x1303])
    it(`open() reads what seal() writes, record after record: ${number.toString(16)}`, () => {
      const suite = findSuite(number);
      if (!suite) throw new Error('The suite is one of ours');
      const secret = new Uint8Array(suite.hashLength).fill(7);
      const writer = createProtection(suite, secret);
      const reader = createProtection(suite, secret);
      const content = new Uint8Array(40_000).map((_, index) => index);
      const sealed = [writer.seal(23, content), writer.seal(22, Uint8Array.of(1, 2))];
      const records = createRecordReader();
      const found = sealed.flatMap((part) => records.push(part)).map((one) => reader.open(one));
      expect(found.map(({ type }) => type)).to.deep.equal([23, 23, 23, 22]);
      expect(found.reduce((sum, one) => sum + one.content.length, 0)).to.equal(40_002);
    });

  it('open() refuses a record that was changed, repeated or cut', () => {
    const suite = findSuite(0x1301);
    if (!suite) throw new Error('The suite is one of ours');
    const secret = new Uint8Array(32);
    const [record] = createRecordReader().push(
      createProtection(suite, secret).seal(23, Uint8Array.of(1)),
    );
    if (!record) throw new Error('One record was written');
    const fault = /cannot be decrypted/;
    const changed = {
      ...record,
      content: record.content.map((byte, at) => (at === 0 ? byte ^ 1 : byte)),
    };
    expect(() => createProtection(suite, secret).open(changed)).to.throw(fault);
    const cut = { ...record, content: record.content.subarray(0, 5) };
    expect(() => createProtection(suite, secret).open(cut)).to.throw(fault);
    const reader = createProtection(suite, secret);
    reader.open(record);
    expect(() => reader.open(record)).to.throw(fault);
  });
});
