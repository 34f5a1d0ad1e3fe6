import { expect } from 'chai';
import { decodePayload, payloadStore } from '../../../src/traffic/script/payload.ts';

describe('decodePayload()', () => {
  it('reads text as UTF-8, base64, and bytes that the seed decides', () => {
    expect([...decodePayload({ kind: 'text', text: 'é' }, 1)]).to.deep.equal([0xc3, 0xa9]);
    expect([...decodePayload({ kind: 'base64', base64: 'AP8=' }, 1)]).to.deep.equal([0, 255]);
    const random = (seed: number, name: string): number[] => [
      ...decodePayload({ kind: 'random', size: 9, name }, seed),
    ];
    expect(random(1, 'a')).to.deep.equal(random(1, 'a'));
    expect(random(1, 'a')).to.not.deep.equal(random(1, 'b'));
    expect(random(1, 'a')).to.not.deep.equal(random(2, 'a'));
  });
});

describe('payloadStore()', () => {
  it('works a payload out once for a seed, and keeps no more than 64 MiB', () => {
    const store = payloadStore(42);
    const payload = { kind: 'text', text: 'once' } as const;
    expect(store.bytes(payload)).to.equal(payloadStore(42).bytes(payload));
    expect(store.bytes(payload)).to.not.equal(payloadStore(43).bytes(payload));
    const large = { kind: 'random', size: 67_108_864, name: 'large' } as const;
    expect(store.bytes(large)).to.not.equal(store.bytes(large));
  }).timeout(20_000);
});
