import { expect } from 'chai';
import fc from 'fast-check';
import {
  type WireguardConfiguration,
  formatEndpoint,
  keyToBase64,
  keyToHex,
  toSetconf,
  toUapi,
} from '../../../src/agent/wireguard/configuration.ts';

const OWN = '77'.repeat(32);
const ALICE = '8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a';
const BOB = 'de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f';
const CONFIGURATION: WireguardConfiguration = {
  privateKey: keyToBase64(OWN),
  port: 51820,
  peers: [
    {
      publicKey: keyToBase64(BOB),
      endpoint: { address: '2001:db8::2', port: 51821 },
      allowedIps: ['198.18.0.2/32', '10.0.0.0/8'],
      keepalive: 25,
    },
    {
      publicKey: keyToBase64(ALICE),
      endpoint: null,
      allowedIps: ['198.18.0.3/32'],
      keepalive: 0,
    },
  ],
};

describe('agent/wireguard/configuration', () => {
  it('toUapi() writes one set that replaces all peers, with keys in hexadecimal', () =>
    expect(toUapi(CONFIGURATION)).to.equal(
      [
        'set=1',
        `private_key=${OWN}`,
        'listen_port=51820',
        'replace_peers=true',
        `public_key=${BOB}`,
        'endpoint=[2001:db8::2]:51821',
        'persistent_keepalive_interval=25',
        'replace_allowed_ips=true',
        'allowed_ip=198.18.0.2/32',
        'allowed_ip=10.0.0.0/8',
        `public_key=${ALICE}`,
        'persistent_keepalive_interval=0',
        'replace_allowed_ips=true',
        'allowed_ip=198.18.0.3/32',
        '',
        '',
      ].join('\n'),
    ));

  it('toUapi() and toSetconf() mark its UDP packets where it is told to', () => {
    const marked = { ...CONFIGURATION, fwmark: 51_820 };
    expect(toUapi(marked)).to.include('\nlisten_port=51820\nfwmark=51820\nreplace_peers=true\n');
    expect(toSetconf(marked)).to.include('\nListenPort = 51820\nFwMark = 51820\n');
  });

  it('toSetconf() writes the file of wg(8)', () =>
    expect(toSetconf(CONFIGURATION)).to.equal(
      [
        '[Interface]',
        `PrivateKey = ${CONFIGURATION.privateKey}`,
        'ListenPort = 51820',
        '',
        '[Peer]',
        `PublicKey = ${keyToBase64(BOB)}`,
        'Endpoint = [2001:db8::2]:51821',
        'AllowedIPs = 198.18.0.2/32, 10.0.0.0/8',
        'PersistentKeepalive = 25',
        '',
        '[Peer]',
        `PublicKey = ${keyToBase64(ALICE)}`,
        'AllowedIPs = 198.18.0.3/32',
        'PersistentKeepalive = 0',
        '',
      ].join('\n'),
    ));

  it('formatEndpoint() puts IPv6 into brackets', () => {
    expect(formatEndpoint({ address: '192.0.2.1', port: 1 })).to.equal('192.0.2.1:1');
    expect(formatEndpoint({ address: '2001:db8::1', port: 1 })).to.equal('[2001:db8::1]:1');
  });

  it('keyToHex() and keyToBase64() undo each other', () =>
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const base64 = Buffer.from(bytes).toString('base64');
        expect(keyToBase64(keyToHex(base64))).to.equal(base64);
      }),
    ));
});
