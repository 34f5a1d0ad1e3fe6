import fc from 'fast-check';
import { expect } from 'chai';
import {
  readCertificateVerify,
  readCertificates,
  readEncryptedExtensions,
  readServerHello,
} from '../../src/wire/tls-server.ts';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));

// RFC 8448 section 3: the ServerHello without its header.
const SERVER_HELLO = bytes(
  '0303a6af06a4121860dc5e6e60249cd34c95930c8ac5cb1434dac155772ed3e2692800130100002e0033002400' +
    '1d0020c9828876112095fe66762bdbf7c672e156d6cc253b833df1dd69b1b04e751f0f002b00020304',
);
const RETRY_RANDOM = 'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c';

describe('wire/tls-server', () => {
  it('readServerHello() reads that of RFC 8448', () => {
    const hello = readServerHello(SERVER_HELLO);
    expect(hello).to.deep.include({
      ...{ isRetry: false, cipherSuite: 0x1301, version: 0x0304, cookie: null },
    });
    expect(hello?.keyShare?.group).to.equal(0x001d);
    expect(hello?.keyShare?.key).to.have.lengthOf(32);
  });

  it('readServerHello() knows a retry by its random, with group and cookie', () => {
    const extensions = '002b00020304' + '003300020017' + '002c000400020102';
    const length = (extensions.length / 2).toString(16).padStart(4, '0');
    const hello = readServerHello(bytes(`0303${RETRY_RANDOM}00130200${length}${extensions}`));
    expect(hello).to.deep.equal({
      ...{ isRetry: true, cipherSuite: 0x1302, version: 0x0304 },
      keyShare: { group: 0x0017, key: new Uint8Array(0) },
      cookie: bytes('00020102'),
    });
  });

  it('readServerHello() reads one of before TLS 1.3', () => {
    const hello = readServerHello(bytes(`0303${'11'.repeat(32)}00c02f00`));
    expect(hello).to.include({ version: null, keyShare: null, cipherSuite: 0xc02f });
  });

  it('readEncryptedExtensions() gives the protocol taken', () => {
    expect(readEncryptedExtensions(bytes('00090010000500030268' + '32'))).to.deep.equal({
      alpn: 'h2',
    });
    expect(readEncryptedExtensions(bytes('0000'))).to.deep.equal({ alpn: '' });
    expect(readEncryptedExtensions(bytes('0009'))).to.equal(null);
  });

  it('readCertificates() gives the chain', () => {
    const chain = readCertificates(bytes('00' + '00000d' + '000002aabb0000' + '000001cc0000'));
    expect(chain?.map((one) => [...one])).to.deep.equal([[0xaa, 0xbb], [0xcc]]);
    expect(readCertificates(bytes('0000000500000faabb'))).to.equal(null);
  });

  it('readCertificateVerify() gives scheme and signature', () => {
    expect(readCertificateVerify(bytes('04030002aabb'))).to.deep.equal({
      ...{ scheme: 0x0403, signature: bytes('aabb') },
    });
    expect(readCertificateVerify(bytes('04030003aabb'))).to.equal(null);
  });

  it('no reader throws, whatever the bytes', () => {
    const readers = [
      readServerHello,
      readEncryptedExtensions,
      readCertificates,
      readCertificateVerify,
    ];
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (noise) => {
        for (const read of readers) read(noise);
      }),
    );
  });
});
