// The packets of TCP connections in a merged capture, each time that one passed a capture point; read by tshark.
import { execFileSync } from 'node:child_process';

export interface Passage {
  /** Where, whose, which flags, the how manieth there: the same in every run of a scenario. */
  readonly what: string;
  /** Microseconds since the epoch. */
  readonly time: number;
}

const FIELDS = [
  ...['frame.interface_name', 'frame.time_epoch', 'tcp.srcport', 'tcp.dstport', 'tcp.flags.str'],
  ...['tcp.len', 'tcp.seq_raw', 'tls.handshake.extensions_server_name'],
];

/**
 * By the server name that the client asked for. Left out, since load and chance decide about them: retransmissions, and
 * acknowledgements of nothing else.
 */
export function readPassages(file: string, serverPort: number): Map<string, readonly Passage[]> {
  const names = new Map<string, string>();
  const passages = new Map<string, Passage[]>();
  const known = new Set<string>();
  const counts = new Map<string, number>();
  const argv = ['-r', file, '-Y', `tcp.port == ${serverPort}`, '-T', 'fields'];
  const text = execFileSync('tshark', [...argv, ...FIELDS.flatMap((field) => ['-e', field])], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  for (const line of text.split('\n').filter((found) => found !== '')) {
    const [point = '', time = '', from = '', to = '', dotted = '', length, sequence, name = ''] =
      line.split('\t');
    const flags = dotted.replace(/[^A-Z]/g, '');
    const isClients = to === String(serverPort);
    const port = isClients ? from : to;
    if (name !== '') names.set(port, name);
    const identity = [port, point, isClients, flags, length, sequence].join(' ');
    if ((flags === 'A' && length === '0') || known.has(identity)) continue;
    known.add(identity);
    const kind = `${point} ${isClients ? 'client' : 'server'} ${flags}`;
    const count = (counts.get(`${port} ${kind}`) ?? 0) + 1;
    counts.set(`${port} ${kind}`, count);
    const list = passages.get(port) ?? [];
    passages.set(port, list);
    list.push({ what: `${kind} ${count}`, time: Number(time) * 1e6 });
  }
  return new Map([...passages].map(([port, list]) => [names.get(port) ?? '', list]));
}
