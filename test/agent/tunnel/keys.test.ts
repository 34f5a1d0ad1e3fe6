import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { createAuthority } from '../../../src/agent/endpoint/authority.ts';
import { deriveKeys } from '../../../src/agent/tunnel/keys.ts';

describe('agent/tunnel/keys', () => {
  const { key } = createAuthority();

  it('deriveKeys() gives every agent of a lab the same keys, each tunnel and end its own, each lab others', () => {
    const one = deriveKeys(key, 'wg0', 'client');
    expect(deriveKeys({ ...key }, 'wg0', 'client')).to.deep.equal(one);
    const others = [
      deriveKeys(key, 'wg0', 'server'),
      deriveKeys(key, 'wg1', 'client'),
      deriveKeys(createAuthority().key, 'wg0', 'client'),
    ];
    const all = [one, ...others].flatMap(({ privateKey, publicKey }) => [privateKey, publicKey]);
    expect(new Set(all).size).to.equal(8);
    for (const text of all) expect(Buffer.from(text, 'base64')).to.have.length(32);
  });

  it('deriveKeys() gives the public key that wg(8) makes of the private one', function () {
    const { privateKey, publicKey } = deriveKeys(key, 'wg0', 'client');
    let said: string;
    try {
      said = execFileSync('wg', ['pubkey'], { input: privateKey, encoding: 'utf8' });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
      this.test?.parent?.tests.forEach((test) => (test.title += ' (wg is not installed)'));
      return this.skip();
    }
    expect(said.trim()).to.equal(publicKey);
  });
});
