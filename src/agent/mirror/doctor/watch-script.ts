// What a node's kernel notes of a doctor's packets, as an nft(8) script, and how it says it. Pure.

/** Where a packet is seen in a node: before any rule of it, at its own sockets, and on its way out. */
export type SightingPlace = 'arrived' | 'taken' | 'left';

/** The packets of one trial: a copy's SYN, its acknowledgment, and what the target says to the SYN. */
export type TrialPacket = 'syn' | 'ack' | 'answer';

export interface Sighting {
  readonly place: SightingPlace;
  readonly packet: TrialPacket;
  /** By which it came, or left. */
  readonly interface: string;
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
}

export interface Sightings {
  readonly seen: readonly Sighting[];
  /** Sequence numbers of answers that left; that of a reset is 0. */
  readonly numbers: readonly number[];
}

export const WATCH_TABLE = 'runner-doctor';
const NUMBERS = 'numbers';

/** Before rules that drop (`raw` is -300), and after those that rewrite. */
const HOOKS: Readonly<Record<SightingPlace, string>> = {
  arrived: 'prerouting priority -310',
  taken: 'input priority 300',
  left: 'postrouting priority 300',
};
const PLACES = ['arrived', 'taken', 'left'] as const;
const PACKETS = ['syn', 'ack', 'answer'] as const;

/** NAT leaves sequence numbers as they are, so a packet is known by them whatever its addresses have become. */
export function watchScript(family: 4 | 6, sequence: number): string {
  const match: Readonly<Record<TrialPacket, string>> = {
    syn: `tcp sequence ${sequence}`,
    ack: `tcp sequence ${sequence + 1} tcp flags & (ack | rst) == ack`,
    answer: `tcp ackseq ${sequence + 1}`,
  };
  const [ip, address] = family === 4 ? ['ip', 'ipv4_addr'] : ['ip6', 'ipv6_addr'];
  const type = `type ifname . ${address} . inet_service . ${address} . inet_service`;
  return [
    `table inet ${WATCH_TABLE} {`,
    `set ${NUMBERS} { typeof tcp sequence; flags dynamic; size 64; }`,
    ...PLACES.flatMap((place) => [
      ...PACKETS.map((packet) => `set ${place}-${packet} { ${type}; flags dynamic; size 64; }`),
      `chain ${place} { type filter hook ${HOOKS[place]};`,
      ...PACKETS.map((packet) => {
        const name = place === 'left' ? 'oifname' : 'iifname';
        const key = `${name} . ${ip} saddr . tcp sport . ${ip} daddr . tcp dport`;
        return `${match[packet]} update @${place}-${packet} { ${key} }`;
      }),
      ...(place === 'left' ? [`${match.answer} update @${NUMBERS} { tcp sequence }`] : []),
      '}',
    ]),
    '}',
    '',
  ].join('\n');
}

/** Of `nft -j list table`. */
export function parseSightings(text: string): Sightings {
  const seen: Sighting[] = [];
  const numbers: number[] = [];
  for (const { name, elem = [] } of setsOf(text)) {
    if (name === NUMBERS) numbers.push(...elem.filter((each) => typeof each === 'number'));
    const [place, packet] = [...split(name)];
    if (place === undefined || packet === undefined) continue;
    for (const each of elem) {
      const sighting = readSighting(place, packet, each);
      if (sighting) seen.push(sighting);
    }
  }
  return { seen, numbers };
}

interface ListedSet {
  readonly name: string;
  readonly elem?: readonly unknown[];
}

function setsOf(text: string): ListedSet[] {
  // libnftables-json(5): one object with a list of objects, each of one key.
  const { nftables } = JSON.parse(text) as { nftables: readonly { readonly set?: ListedSet }[] };
  return nftables.flatMap(({ set }) => (set ? [set] : []));
}

function split(name: string): [SightingPlace?, TrialPacket?] {
  const [place, packet] = name.split('-');
  const known = PLACES.find((each) => each === place);
  const what = PACKETS.find((each) => each === packet);
  return known && what ? [known, what] : [];
}

function readSighting(
  place: SightingPlace,
  packet: TrialPacket,
  element: unknown,
): Sighting | undefined {
  const parts = element !== null && typeof element === 'object' && 'concat' in element;
  const [device, source, sourcePort, destination, destinationPort] =
    parts && Array.isArray(element.concat) ? (element.concat as readonly unknown[]) : [];
  if (typeof device !== 'string' || typeof source !== 'string' || typeof destination !== 'string')
    return undefined;
  return {
    ...{ place, packet, interface: device, source, sourcePort: Number(sourcePort), destination },
    destinationPort: Number(destinationPort),
  };
}
