import { createPrivateKey, createPublicKey, diffieHellman } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { expect } from 'chai';
import { generateKeyPair } from '../../../src/lab/fleet/wireguard-keys.ts';

const toUrl = (base64: string): string => Buffer.from(base64, 'base64').toString('base64url');
const jwk = (publicKey: string) => ({ kty: 'OKP', crv: 'X25519', x: toUrl(publicKey) });
const importPublic = (key: string): KeyObject => createPublicKey({ format: 'jwk', key: jwk(key) });
const importPrivate = (own: string, key: string): KeyObject =>
  createPrivateKey({ format: 'jwk', key: { ...jwk(own), d: toUrl(key) } });

describe('lab/fleet/wireguard-keys', () => {
  it('generateKeyPair() makes pairs by which two sides agree on a secret', () => {
    const [left, right] = [generateKeyPair(), generateKeyPair()];
    const secrets = [
      [left, right],
      [right, left],
    ].map(([own, other]) =>
      diffieHellman({
        privateKey: importPrivate(own?.publicKey ?? '', own?.privateKey ?? ''),
        publicKey: importPublic(other?.publicKey ?? ''),
      }).toString('hex'),
    );
    expect(secrets[0]).to.equal(secrets[1]);
  });

  it('generateKeyPair() writes 32 bytes of base64, never the same', () => {
    const { privateKey, publicKey } = generateKeyPair();
    for (const key of [privateKey, publicKey]) expect(key).to.match(/^[A-Za-z0-9+/]{43}=$/);
    expect(generateKeyPair().privateKey).to.not.equal(privateKey);
  });
});
