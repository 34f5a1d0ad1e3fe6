import { mkdtempSync, rmSync } from 'node:fs';
import { type Server, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  getPeers,
  parsePeers,
  readReply,
  setConfiguration,
} from '../../../src/agent/wireguard/uapi.ts';

const KEY = '58'.repeat(32);
const BASE64 = Buffer.from(KEY, 'hex').toString('base64');

describe('agent/wireguard/uapi', () => {
  const folder = mkdtempSync(join(tmpdir(), 'uapi-'));
  const path = join(folder, 'wg.sock');
  let server: Server;
  /** What the last client wrote, and what it is answered. */
  const talk = { asked: '', answer: '' };
  before((done) => {
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (bytes) => {
        talk.asked = bytes.toString();
        if (talk.answer === '') socket.end();
        else socket.write(talk.answer);
      });
    }).listen(path, done);
  });
  after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  it('getPeers() asks, and reads until the empty line', async () => {
    talk.answer = `private_key=${KEY}\npublic_key=${KEY}\nlast_handshake_time_sec=7\nerrno=0\n\n`;
    expect(await getPeers(path)).to.deep.equal([
      { publicKey: BASE64, handshake: 7, receivedBytes: 0, sentBytes: 0 },
    ]);
    expect(talk.asked).to.equal('get=1\n\n');
  });

  it('setConfiguration() throws what it was refused with, and no key', async () => {
    talk.answer = 'errno=-98\n\n';
    const fault = await setConfiguration(path, { privateKey: BASE64, port: 1, peers: [] }).catch(
      (error: unknown) => String(error),
    );
    expect(fault).to.contain('WireGuard refused "set": errno -98').and.not.contain(BASE64);
  });

  it('getPeers() throws when it is hung up on', async () => {
    talk.answer = '';
    const fault = await getPeers(path).catch((error: unknown) => String(error));
    expect(fault).to.contain('WireGuard ended before it answered a request');
  });

  it('readReply() wants an errno', () =>
    expect(() => readReply('public_key=00\n\n', 'get')).to.throw('errno missing'));

  it('parsePeers() begins a peer with each key and leaves out what is the interface’s', () =>
    expect(
      parsePeers([
        ['listen_port', '1'],
        ['public_key', KEY],
        ['rx_bytes', '10'],
        ['tx_bytes', '20'],
        ['public_key', '00'.repeat(32)],
        ['last_handshake_time_sec', '9'],
      ]).map(({ handshake, receivedBytes, sentBytes }) => [handshake, receivedBytes, sentBytes]),
    ).to.deep.equal([
      [0, 10, 20],
      [9, 0, 0],
    ]));
});
