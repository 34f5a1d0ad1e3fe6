import { expect } from 'chai';
import { bitsBetween } from '../../../../src/agent/packet/measure/probe-receiver.ts';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

describe('agent/packet/measure/probe-receiver', () => {
  it('bitsBetween() counts the bits that differ', () => {
    expect(bitsBetween(bytes(1, 2), bytes(1, 2))).to.equal(0);
    expect(bitsBetween(bytes(1, 0x80), bytes(1, 0))).to.equal(1);
    expect(bitsBetween(bytes(0xff, 0), bytes(0, 0xff))).to.equal(16);
  });
});
