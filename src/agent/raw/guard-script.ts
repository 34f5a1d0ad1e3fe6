// What the kernel of a raw endpoint must not say, as an nft(8) script. The kernel has no socket for what we receive, so it would
// answer with RST or ICMP errors; our own frames go past it and meet no rule. Pure.
import type { ScriptTransport } from '../../model/script.ts';

/** The conversation that the kernel keeps out of, seen from its own side. */
export interface GuardedPair {
  readonly family: 4 | 6;
  readonly transport: Extract<ScriptTransport, `raw-${string}`>;
  readonly address: string;
  readonly port: number;
  /** Null where NAT on the way may give the peer another address and port. */
  readonly peer: { readonly address: string; readonly port: number } | null;
}

/**
 * What comes ends before the kernel looks at it, after the ring has seen it; what the kernel would say nevertheless (to a segment
 * that was under way, or that came otherwise) ends on its way out. The table goes with the process that made it (flag `owner`),
 * however that ends. The last line makes nft say that all before it is done.
 */
export function guardScript(table: string, pairs: readonly GuardedPair[]): string {
  const incoming = pairs.flatMap((pair) =>
    arrivals(pair).map((match) => `add rule inet ${table} input ${match} drop`),
  );
  const outgoing = pairs.flatMap((pair) =>
    refusals(pair).map((match) => `add rule inet ${table} output ${departing(pair)} ${match} drop`),
  );
  return [
    `add table inet ${table} { flags owner; }`,
    `add chain inet ${table} input { type filter hook prerouting priority -300; policy accept; }`,
    `add chain inet ${table} output { type filter hook output priority 0; policy accept; }`,
    ...new Set([...incoming, ...outgoing]),
    'list tables inet',
    '',
  ].join('\n');
}

const ipOf = ({ family }: GuardedPair): string => (family === 4 ? 'ip' : 'ip6');

function departing(pair: GuardedPair): string {
  const { address, peer } = pair;
  const ip = ipOf(pair);
  return `${ip} saddr ${address}${peer ? ` ${ip} daddr ${peer.address}` : ''}`;
}

function arrivals(pair: GuardedPair): string[] {
  const { transport, address, port, peer } = pair;
  const ip = ipOf(pair);
  const ends = `${peer ? `${ip} saddr ${peer.address} ` : ''}${ip} daddr ${address}`;
  const ported = (protocol: string): string =>
    `${ends} ${peer ? `${protocol} sport ${peer.port} ` : ''}${protocol} dport ${port}`;
  switch (transport) {
    case 'raw-tcp':
      return [ported('tcp')];
    case 'raw-udp':
      return [ported('udp')];
    case 'raw-ip':
      return port === 0 ? [] : [ported('tcp'), ported('udp')];
  }
}

function refusals(pair: GuardedPair): string[] {
  switch (pair.transport) {
    case 'raw-tcp':
      return [reset(pair)];
    case 'raw-udp':
      return [portUnreachable(pair)];
    case 'raw-ip':
      return [
        pair.family === 4
          ? 'icmp type destination-unreachable icmp code prot-unreachable'
          : // Unrecognized Next Header (RFC 4443 section 3.4).
            'icmpv6 type parameter-problem icmpv6 code 1',
        ...(pair.port === 0 ? [] : [reset(pair), portUnreachable(pair)]),
      ];
  }
}

function reset({ port, peer }: GuardedPair): string {
  return `tcp sport ${port}${peer ? ` tcp dport ${peer.port}` : ''} tcp flags & rst == rst`;
}

/** The error quotes the datagram after its own header of 8 bytes: its ports follow its IP header (RFC 792, RFC 4443 section 3.1). */
function portUnreachable({ family, port, peer }: GuardedPair): string {
  const at = (8 + (family === 4 ? 20 : 40)) * 8;
  const from = peer ? `@th,${at},16 ${peer.port} ` : '';
  const kind =
    family === 4
      ? 'icmp type destination-unreachable icmp code port-unreachable'
      : 'icmpv6 type destination-unreachable icmpv6 code port-unreachable';
  return `${kind} ${from}@th,${at + 16},16 ${port}`;
}
