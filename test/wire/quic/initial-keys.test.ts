import { expect } from 'chai';
import { QUIC_VERSION } from '../../../src/wire/quic/header.ts';
import { deriveInitialKeys } from '../../../src/wire/quic/initial-keys.ts';
import { RFC_ID, toHex } from './initials.ts';

const { v1, v2 } = QUIC_VERSION;

describe('wire/quic/initial-keys', () => {
  // RFC 9001 and RFC 9369, appendices A.1.
  const vectors = [
    {
      version: v1,
      side: 'client',
      key: '1f369613dd76d5467730efcbe3b1a22d',
      iv: 'fa044b2f42a3fd3b46fb255c',
      hp: '9f50449e04a0e810283a1e9933adedd2',
    },
    {
      version: v1,
      side: 'server',
      key: 'cf3a5331653c364c88f0f379b6067e37',
      iv: '0ac1493ca1905853b0bba03e',
      hp: 'c206b8d9b9f0f37644430b490eeaa314',
    },
    {
      version: v2,
      side: 'client',
      key: '8b1a0bc121284290a29e0971b5cd045d',
      iv: '91f73e2351d8fa91660e909f',
      hp: '45b95e15235d6f45a6b19cbcb0294ba9',
    },
    {
      version: v2,
      side: 'server',
      key: '82db637861d55e1d011f19ea71d5d2a7',
      iv: 'dd13c276499c0249d3310652',
      hp: 'edf6d05c83121201b436e16877593c3a',
    },
  ] as const;
  for (const { version, side, ...wish } of vectors)
    it(`deriveInitialKeys() gives those of the ${side} in version ${version === v1 ? 1 : 2}`, () => {
      const { key, iv, hp } = deriveInitialKeys(version, RFC_ID, side);
      expect({ key: toHex(key), iv: toHex(iv), hp: toHex(hp) }).to.deep.equal(wish);
    });
});
