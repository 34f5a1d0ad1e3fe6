import { expect } from 'chai';
import { buildClientHello, buildTlsRecords } from '../../src/wire/tls-build.ts';
import { parseClientHello } from '../../src/wire/tls.ts';

describe('wire/tls-build', () => {
  it('buildClientHello() writes what parseClientHello() reads', () => {
    const random = new Uint8Array(32).fill(7);
    const supportedVersions = [0x0303];
    const hello = buildClientHello({
      serverName: 'a.example',
      alpn: ['h2'],
      supportedVersions,
      random,
    });
    expect(Array.from(hello.subarray(0, 6))).to.deep.equal([1, 0, 0, hello.length - 4, 3, 3]);
    expect(hello.subarray(6, 38)).to.deep.equal(random);
    expect(parseClientHello(hello.subarray(4))).to.deep.equal({
      legacyVersion: 0x0303,
      serverName: 'a.example',
      alpn: ['h2'],
      supportedVersions,
      cipherSuites: [0x1301, 0x1302, 0xc02f],
      extensions: [0, 16, 43],
      signatureAlgorithms: [],
    });
  });

  it('buildTlsRecords() cuts at the wished size', () => {
    const records = buildTlsRecords(Uint8Array.of(1, 2, 3), 2);
    expect(Array.from(records)).to.deep.equal([22, 3, 1, 0, 2, 1, 2, 22, 3, 1, 0, 1, 3]);
  });
});
