import { expect } from 'chai';
import { findSuite } from '../../../../src/agent/endpoint/tls13/cipher-suite.ts';
import type { CipherSuite } from '../../../../src/agent/endpoint/tls13/cipher-suite.ts';
import {
  applicationSecrets,
  expandLabel,
  finishedData,
  handshakeSecrets,
} from '../../../../src/agent/endpoint/tls13/key-schedule.ts';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
const hex = (value: Uint8Array): string => Buffer.from(value).toString('hex');

function suite(): CipherSuite {
  const found = findSuite(0x1301);
  if (!found) throw new Error('TLS_AES_128_GCM_SHA256 is there');
  return found;
}

// RFC 8448 section 3, "Simple 1-RTT Handshake".
const SHARED = bytes('8bd4054fb55b9d63fdfbacf9f04b9f0d35e6d63f537563efd46272900f89492d');
const UP_TO_SERVER_HELLO = bytes(
  '860c06edc07858ee8e78f0e7428c58edd6b43f2ca3e6e95f02ed063cf0e1cad8',
);
const UP_TO_FINISHED = bytes('9608102a0f1ccc6db6250b7b7e417b1a000eaada3daae4777a7686c9ff83df13');

describe('agent/endpoint/tls13/key-schedule', () => {
  const secrets = handshakeSecrets(suite(), SHARED, UP_TO_SERVER_HELLO);

  it('handshakeSecrets() derives what RFC 8448 does', () => {
    expect(hex(secrets.client)).to.equal(
      'b3eddb126e067f35a780b3abf45e2d8f3b1a950738f52e9600746a0e27a55a21',
    );
    expect(hex(secrets.server)).to.equal(
      'b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38',
    );
    expect(hex(secrets.master)).to.equal(
      '18df06843d13a08bf2a449844c5f8a478001bc4d4c627984d5a41da8d0402919',
    );
  });

  it('applicationSecrets() derives what RFC 8448 does', () => {
    const { client, server } = applicationSecrets(suite(), secrets.master, UP_TO_FINISHED);
    expect(hex(client)).to.equal(
      '9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5',
    );
    expect(hex(server)).to.equal(
      'a11af9f05531f856ad47116b45a950328204b4f44bfb6b3a4b4f1f3fcb631643',
    );
  });

  it('expandLabel() gives the keys of RFC 8448', () => {
    const nothing = new Uint8Array(0);
    expect(hex(expandLabel(suite(), secrets.server, 'key', nothing, 16))).to.equal(
      '3fce516009c21727d0f2e4e86ee403bc',
    );
    expect(hex(expandLabel(suite(), secrets.server, 'iv', nothing, 12))).to.equal(
      '5d313eb2671276ee13000b30',
    );
  });

  it('finishedData() depends on secret and transcript', () => {
    const one = finishedData(suite(), secrets.server, UP_TO_SERVER_HELLO);
    expect(one).to.have.lengthOf(32);
    expect(hex(one)).to.not.equal(hex(finishedData(suite(), secrets.client, UP_TO_SERVER_HELLO)));
    expect(hex(one)).to.not.equal(hex(finishedData(suite(), secrets.server, UP_TO_FINISHED)));
  });
});
