import { expect } from 'chai';
import fc from 'fast-check';
import { buildClientHello, buildTlsRecords } from '../../src/wire/tls-build.ts';
import {
  type ClientHello,
  isGrease,
  readClientHello,
  readHandshakeHello,
} from '../../src/wire/tls.ts';

const HELLO = buildClientHello({
  serverName: 'Blocked.Example',
  alpn: ['h2', 'http/1.1'],
  extensions: [{ type: 13, data: Uint8Array.of(0, 4, 4, 3, 8, 4) }],
});
const STREAM = buildTlsRecords(HELLO);

function read(bytes: Uint8Array): ClientHello | string {
  const reading = readClientHello(bytes, 0, bytes.length);
  return reading.kind === 'client-hello' ? reading.hello : reading.kind;
}

describe('wire/tls', () => {
  it('readClientHello() reads name, ALPN, versions and what fingerprints are made of', () => {
    expect(read(STREAM)).to.deep.equal({
      legacyVersion: 0x0303,
      serverName: 'Blocked.Example',
      alpn: ['h2', 'http/1.1'],
      supportedVersions: [0x0304, 0x0303],
      cipherSuites: [0x1301, 0x1302, 0xc02f],
      extensions: [0, 16, 43, 13],
      signatureAlgorithms: [0x0403, 0x0804],
    });
  });

  it('readClientHello() reads a hello without a name', () => {
    const reading = read(buildTlsRecords(buildClientHello({ serverName: null })));
    expect(reading).to.have.property('serverName', null);
  });

  it('readClientHello() reads a hello over records of any size', () => {
    for (let size = 1; size <= HELLO.length; size += 1)
      expect(read(buildTlsRecords(HELLO, size)), `records of ${size} bytes`).to.deep.equal(
        read(STREAM),
      );
  });

  it('readClientHello() takes only a hello of one record where records are not joined', () => {
    const alone = (bytes: Uint8Array): string =>
      readClientHello(bytes, 0, bytes.length, false).kind;
    expect(alone(STREAM)).to.equal('client-hello');
    expect(alone(STREAM.subarray(0, STREAM.length - 1))).to.equal('more');
    expect(alone(buildTlsRecords(HELLO, HELLO.length - 1))).to.equal('not-tls');
    expect(alone(buildTlsRecords(HELLO, 1))).to.equal('not-tls');
  });

  it('readHandshakeHello() reads a hello without records', () => {
    expect(readHandshakeHello(HELLO)).to.deep.equal(read(STREAM));
    for (let length = 0; length < HELLO.length; length += 1)
      expect(readHandshakeHello(HELLO.subarray(0, length))).to.equal('more');
    expect(readHandshakeHello(Uint8Array.of(2))).to.equal('other');
    expect(readHandshakeHello(Uint8Array.of(1, 0, 0, 1, 0))).to.equal('other');
  });

  it('isGrease() knows the sixteen values of RFC 8701', () => {
    const values = Array.from({ length: 0x10000 }, (_, value) => value).filter(isGrease);
    expect(values).to.deep.equal(Array.from({ length: 16 }, (_, high) => high * 0x1010 + 0x0a0a));
  });

  it('readClientHello() asks for more at every cut', () => {
    for (let length = 0; length < STREAM.length; length += 1)
      expect(read(STREAM.subarray(0, length)), `first ${length} bytes`).to.equal('more');
  });

  it('readClientHello() leaves what follows the hello alone', () => {
    const bytes = Uint8Array.from([0, ...STREAM, 0x17, 3, 3]);
    const reading = readClientHello(bytes, 1, bytes.length);
    expect(reading).to.include({ kind: 'client-hello', length: STREAM.length, records: 1 });
  });

  const others: readonly (readonly [string, readonly number[]])[] = [
    ['HTTP', [0x47]],
    ['another version', [22, 2]],
    ['an empty record', [22, 3, 1, 0, 0]],
    ['an oversized record', [22, 3, 1, 0xff, 0xff]],
    ['a ServerHello', [22, 3, 1, 0, 4, 2]],
    ['a hello of megabytes', [22, 3, 1, 0, 4, 1, 0xff, 0xff, 0xff]],
  ];
  for (const [what, bytes] of others)
    it(`readClientHello() tells ${what} at once`, () => {
      expect(read(Uint8Array.from(bytes))).to.equal('not-tls');
    });

  it('readClientHello() never throws on random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(60), (bytes, keep) => {
        read(bytes);
        read(Uint8Array.from([...STREAM.subarray(0, keep), ...bytes]));
      }),
    );
  });
});
