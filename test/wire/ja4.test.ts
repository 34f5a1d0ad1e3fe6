import { expect } from 'chai';
import { ja4 } from '../../src/wire/ja4.ts';
import { type ClientHello, readHandshakeHello } from '../../src/wire/tls.ts';
import { RFC_CRYPTO } from './quic/initials.ts';

const list = (text: string): readonly number[] =>
  text.split(',').map((value) => Number.parseInt(value, 16));

/** The example of JA4's description, with GREASE among its values. */
const EXAMPLE: ClientHello = {
  legacyVersion: 0x0303,
  serverName: 'blocked.example',
  alpn: ['h2', 'http/1.1'],
  supportedVersions: list('9a9a,0304,0303'),
  cipherSuites: list(
    '2a2a,1301,1302,1303,c02b,c02f,c02c,c030,cca9,cca8,c013,c014,009c,009d,002f,0035',
  ),
  extensions: list(
    '4a4a,001b,0000,0033,0010,4469,0017,002d,000d,0005,0023,0012,002b,ff01,000b,000a,0015,0a0a',
  ),
  signatureAlgorithms: list('0403,0804,0401,0503,0805,0501,0806,0601'),
};

describe('wire/ja4', () => {
  it('ja4() gives the fingerprint of the description', () => {
    expect(ja4(EXAMPLE, 't')).to.equal('t13d1516h2_8daaf6152771_e5627efa2ab1');
  });

  it('ja4() does not mind the order of suites and extensions', () => {
    const shuffled = {
      ...EXAMPLE,
      cipherSuites: [...EXAMPLE.cipherSuites].reverse(),
      extensions: [...EXAMPLE.extensions].reverse(),
    };
    expect(ja4(shuffled, 't')).to.equal(ja4(EXAMPLE, 't'));
  });

  it('ja4() ends without an underscore where there are no signature algorithms', () => {
    expect(ja4({ ...EXAMPLE, signatureAlgorithms: [] }, 't')).to.match(/_6d807ffa2a79$/);
  });

  it('ja4() writes zeros for lists that are not there', () => {
    const bare = {
      ...{ legacyVersion: 0x0301, serverName: null, alpn: [], supportedVersions: [] },
      ...{ cipherSuites: [], extensions: [], signatureAlgorithms: [] },
    };
    expect(ja4(bare, 't')).to.equal('t10i000000_000000000000_000000000000');
    expect(ja4({ ...bare, legacyVersion: 0x1234 }, 't')).to.match(/^t00i/);
    const many = Array.from({ length: 120 }, (_, index) => index);
    expect(ja4({ ...bare, cipherSuites: many }, 't')).to.match(/^t10i9900/);
  });

  const protocols: readonly (readonly [string, string])[] = [
    ['h2', 'h2'],
    ['http/1.1', 'h1'],
    ['x', 'xx'],
    ['', '00'],
    ['\xab', 'ab'],
    ['\xab\xcd', 'ad'],
    ['0\xab', '3b'],
    ['01\xab\xcd', '3d'],
    ['0\xab\xcd1', '01'],
  ];
  for (const [name, code] of protocols)
    it(`ja4() tells ALPN ${JSON.stringify(name)} by ${code}`, () => {
      expect(ja4({ ...EXAMPLE, alpn: [name] }, 't').slice(8, 10)).to.equal(code);
    });

  it('ja4() tells QUIC', () => {
    const hello = readHandshakeHello(RFC_CRYPTO.subarray(4));
    if (typeof hello === 'string') throw new Error(hello);
    expect(ja4(hello, 'q')).to.match(/^q13d0211an_/);
  });
});
