import { expect } from 'chai';
import fc from 'fast-check';
import { concatBytes, fromLatin1 } from '../../src/wire/bytes.ts';
import { readSshIdentification, readSshKeyExchange } from '../../src/wire/ssh.ts';
import { keyExchange } from './key-exchange.ts';

const LINE = fromLatin1('SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n');

const KEX = keyExchange('curve25519-sha256,kex-strict-c-v00@openssh.com');
const identify = (bytes: Uint8Array): unknown => readSshIdentification(bytes, 0, bytes.length);
const exchange = (bytes: Uint8Array): unknown => readSshKeyExchange(bytes, 0, bytes.length);

describe('wire/ssh', () => {
  it('readSshIdentification() reads the line, and asks for more before its end', () => {
    const wish = { kind: 'found', value: 'SSH-2.0-OpenSSH_9.2p1 Debian-2', length: LINE.length };
    expect(identify(concatBytes(LINE, KEX))).to.deep.equal(wish);
    for (let length = 0; length < LINE.length; length += 1)
      expect(identify(LINE.subarray(0, length))).to.deep.equal({ kind: 'more' });
  });

  it('readSshIdentification() tells other protocols and endless lines', () => {
    expect(identify(fromLatin1('SSL'))).to.deep.equal({ kind: 'not-ssh' });
    expect(identify(fromLatin1(`SSH-${'a'.repeat(250)}`))).to.deep.equal({ kind: 'more' });
    expect(identify(fromLatin1(`SSH-${'a'.repeat(251)}`))).to.deep.equal({ kind: 'not-ssh' });
  });

  it('readSshKeyExchange() reads the methods, and asks for more before their end', () => {
    const value = ['curve25519-sha256', 'kex-strict-c-v00@openssh.com'];
    expect(exchange(concatBytes(KEX, LINE))).to.deep.equal({
      ...{ kind: 'found', value, length: KEX.length },
    });
    for (let length = 0; length < KEX.length; length += 1)
      expect(exchange(KEX.subarray(0, length))).to.deep.equal({ kind: 'more' });
    expect(exchange(keyExchange(''))).to.deep.include({ kind: 'found', value: [] });
  });

  it('readSshKeyExchange() tells other messages, and lengths that do not fit', () => {
    const changed = (at: number, value: number): Uint8Array =>
      KEX.map((byte, index) => (index === at ? value : byte));
    for (const bytes of [keyExchange('a', 21), changed(0, 1), changed(3, 20), changed(24, 0xff)])
      expect(exchange(bytes)).to.deep.equal({ kind: 'not-ssh' });
  });

  it('readSshKeyExchange() never throws on random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(40), (bytes, keep) => {
        identify(bytes);
        exchange(bytes);
        identify(concatBytes(LINE.subarray(0, keep), bytes));
        exchange(concatBytes(KEX.subarray(0, keep), bytes));
      }),
    );
  });
});
