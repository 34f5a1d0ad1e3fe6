// Speaks WireGuard's cross-platform interface (wireguard.com/xplatform): lines of text over a Unix socket.
import { connect } from 'node:net';
import { Fault } from '../../base/fault.ts';
import { type WireguardConfiguration, keyToBase64, keyToHex, toUapi } from './configuration.ts';

/** What the interface says of a peer. */
export interface PeerState {
  /** Base64. */
  readonly publicKey: string;
  /** Seconds since the epoch of the last completed handshake; 0 when there was none. */
  readonly handshake: number;
  readonly receivedBytes: number;
  readonly sentBytes: number;
}

const LIMIT_MS = 5_000;

/** Sets all of the interface's configuration. Throws a Fault when it refuses. */
export async function setConfiguration(
  socketPath: string,
  configuration: WireguardConfiguration,
): Promise<void> {
  readReply(await ask(socketPath, toUapi(configuration)), 'set');
}

/** Changes the keepalive of one peer and nothing else. */
export async function setKeepalive(
  socketPath: string,
  publicKey: string,
  seconds: number,
): Promise<void> {
  const peer = [`public_key=${keyToHex(publicKey)}`, 'update_only=true'];
  const request = ['set=1', ...peer, `persistent_keepalive_interval=${seconds}`];
  readReply(await ask(socketPath, `${request.join('\n')}\n\n`), 'set');
}

export async function getPeers(socketPath: string): Promise<PeerState[]> {
  return parsePeers(readReply(await ask(socketPath, 'get=1\n\n'), 'get'));
}

/** The lines `key=value` of a reply. Throws a Fault when its errno (a negative or positive number) is not 0. */
export function readReply(reply: string, operation: string): [key: string, value: string][] {
  const lines = reply
    .split('\n')
    .filter((line) => line !== '')
    .map((line): [string, string] => {
      const at = line.indexOf('=');
      return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)];
    });
  const errno = lines.find(([key]) => key === 'errno')?.[1];
  if (errno === '0') return lines.filter(([key]) => key !== 'errno');
  // Its own words are in wireguard-go's log; the reply may repeat keys and is not shown.
  throw new Fault('machine', `WireGuard refused "${operation}": errno ${errno ?? 'missing'}`);
}

/** Each peer begins with its public key; what comes before is the interface's own. */
export function parsePeers(lines: readonly (readonly [key: string, value: string])[]): PeerState[] {
  const peers: { -readonly [K in keyof PeerState]: PeerState[K] }[] = [];
  for (const [key, value] of lines) {
    if (key === 'public_key') {
      const publicKey = keyToBase64(value);
      peers.push({ publicKey, handshake: 0, receivedBytes: 0, sentBytes: 0 });
    }
    const peer = peers.at(-1);
    if (!peer) continue;
    if (key === 'last_handshake_time_sec') peer.handshake = Number(value);
    if (key === 'rx_bytes') peer.receivedBytes = Number(value);
    if (key === 'tx_bytes') peer.sentBytes = Number(value);
  }
  return peers;
}

/** One request and its reply, which ends with an empty line. */
function ask(socketPath: string, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let reply = '';
    const socket = connect(socketPath);
    socket.setEncoding('utf8').setTimeout(LIMIT_MS);
    const settle = (action: () => void): void => {
      socket.destroy();
      action();
    };
    socket.on('data', (text: string) => {
      reply += text;
      if (reply.endsWith('\n\n')) settle(() => resolve(reply));
    });
    socket.on('error', (cause) =>
      settle(() =>
        reject(new Fault('run', `WireGuard cannot be asked: ${cause.message}`, { cause })),
      ),
    );
    socket.on('timeout', () =>
      settle(() =>
        reject(new Fault('run', `WireGuard did not answer a request within ${LIMIT_MS} ms`)),
      ),
    );
    socket.on('end', () =>
      settle(() => reject(new Fault('run', 'WireGuard ended before it answered a request'))),
    );
    socket.write(request);
  });
}
