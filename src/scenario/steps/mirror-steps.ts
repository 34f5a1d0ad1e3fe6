// What has answers of a mirror's target go to its assistant and no further. The routing decision is made by rules and a table of the mirror's
// own: whatever routes the target has, and where clients are on its own subnet, what is for them goes to the assistant.
import { ipFromBigInt, ipToBigInt, formatIp, prefixSize } from '../../base/addresses.ts';
import { ANSWERS_PORT, type MirrorAnswers, type PlanMirror } from '../../model/mirror.ts';
import type {
  PlanDivert,
  PlanNetwork,
  PlanNode,
  PlanRule,
  Step,
  StepAction,
} from '../../model/plan.ts';
import { membersOfSegment } from '../../model/segment.ts';
import { divertCommand } from './divert-steps.ts';
import { impliedBy, ip, routeCommand, ruleCommand } from './commands.ts';
import { type ClientPlaces, clientPlaces } from './mirror-clients.ts';
import { plannedPrefix } from '../../model/planned-address.ts';

/** Counted up for each mirror. */
const TABLE = 53_000;
/** Of those that a prefix of clients holds and that are none; before the next. */
const SPARED = 60;
const TO_CLIENTS = 61;
/** The MAC address of the neighbour that nobody is. */
const NOBODY = '02:6d:69:72:00:00';

export function mirrorSteps(
  nodes: readonly PlanNode[],
  networks: readonly PlanNetwork[],
  mirrors: readonly PlanMirror[],
): Step[] {
  // Mirrors of one target may share what leads to their clients.
  const told = new Set<string>();
  const isNew = ({ do: { kind }, command }: Step): boolean => {
    if (kind !== 'rule' && kind !== 'neighbour') return true;
    const isFirst = !told.has(command);
    told.add(command);
    return isFirst;
  };
  const steps = mirrors.flatMap((mirror, index) => {
    const target = nodes.find(({ name }) => name === mirror.target.node);
    if (mirror.mode === 'stream') return divertedClients(mirror, nodes, ANSWERS_PORT + index);
    if (target === undefined) return [];
    const maker = new MirrorStepMaker(mirror, target, TABLE + index);
    return [
      ...([4, 6] as const).flatMap((family) => {
        const places = clientPlaces(mirror, nodes, family);
        const hop = nextHop(mirror, target, networks, family);
        if (places.prefixes.length === 0 || hop === undefined) return [];
        return maker.way(family, hop, places, mirror.assistant === mirror.target.node);
      }),
      ...maker.rules(nodes),
    ];
  });
  return steps.filter(isNew);
}

/** In stream mode: connections of clients are handed to the mirror, which carries them. */
function divertedClients(
  { name, online }: PlanMirror,
  nodes: readonly PlanNode[],
  to: number,
): Step[] {
  const node = nodes.find((one) => one.name === online.node);
  if (node === undefined) return [];
  return ([4, 6] as const)
    .filter((family) => online.addresses.some((address) => isOf(address, family)))
    .map((family) => {
      const addresses = online.addresses.filter((address) => isOf(address, family));
      const divert: PlanDivert = {
        ...{ family, how: 'redirect', protocol: 'tcp', addresses, ports: [online.port], to },
        ...{ mark: 0, table: 0 },
      };
      return {
        id: `mirror:${name}:divert:${family}`,
        do: { kind: 'divert', node: node.name, proxy: name, divert },
        command: divertCommand(node, divert),
        undo: impliedBy(node),
      };
    });
}

interface NextHop {
  /** Of the target. */
  readonly interface: string;
  readonly address: string;
}

/** The assistant's address on a network of the target, or where that is the target itself, one of its subnet that nobody has. */
function nextHop(
  { assistant, online }: PlanMirror,
  target: PlanNode,
  networks: readonly PlanNetwork[],
  family: 4 | 6,
): NextHop | undefined {
  const isNone = assistant === target.name;
  const wished = isNone ? online.node : assistant;
  const ways = target.interfaces.map((side) => {
    const members = membersOfSegment(networks, side.network);
    const taken = members.flatMap(({ addresses }) => addresses.map(withoutLength));
    const own = side.addresses.find((address) => isOf(address, family));
    const there = members
      .find(({ node }) => node === wished)
      ?.addresses.find((address) => isOf(address, family));
    const address = isNone ? own && freeAddress(own, taken) : there && withoutLength(there);
    return { interface: side.name, address, isNear: there !== undefined };
  });
  const { interface: device, address } =
    ways.find(({ isNear, address: hop }) => isNear && hop !== undefined) ??
    ways.find(({ address: hop }) => isNone && hop !== undefined) ??
    {};
  return device === undefined || address === undefined ? undefined : { interface: device, address };
}

const isOf = (address: string, family: 4 | 6): boolean => address.includes(':') === (family === 6);
const withoutLength = (prefix: string): string => prefix.split('/')[0] ?? prefix;

/** The last of the subnet that no member has. */
function freeAddress(own: string, taken: readonly string[]): string | undefined {
  const prefix = plannedPrefix(own);
  const { family } = prefix.address;
  const size = prefixSize(prefix);
  const start = ipToBigInt(prefix.address) & ~(size - 1n);
  // The last of an IPv4 subnet is its broadcast address, the first names it.
  for (let offset = size - (family === 4 ? 2n : 1n); offset > 0n; offset -= 1n) {
    const address = formatIp(ipFromBigInt(start + offset, family));
    if (!taken.includes(address)) return address;
  }
  return undefined;
}

class MirrorStepMaker {
  readonly #mirror: PlanMirror;
  readonly #target: PlanNode;
  readonly #table: number;

  constructor(mirror: PlanMirror, target: PlanNode, table: number) {
    this.#mirror = mirror;
    this.#target = target;
    this.#table = table;
  }

  /** The route before the rules that lead to it. */
  way(family: 4 | 6, hop: NextHop, { prefixes, spared }: ClientPlaces, isNobody: boolean): Step[] {
    const { name } = this.#target;
    const to = family === 6 ? '::/0' : '0.0.0.0/0';
    const { interface: device, address: via } = hop;
    const route = { to, via, interface: device, table: this.#table, kind: 'unicast' } as const;
    return [
      ...(isNobody ? [this.#nobody(hop)] : []),
      this.#step(
        `route:${to}`,
        { kind: 'route', node: name, route },
        ip(this.#target, routeCommand(route)),
      ),
      ...spared.map((place) => this.#rule({ family, priority: SPARED, to: place, table: 'main' })),
      ...prefixes.map((place) =>
        this.#rule({ family, priority: TO_CLIENTS, to: place, table: this.#table }),
      ),
    ];
  }

  /** The assistant drops, clients count. */
  rules(nodes: readonly PlanNode[]): Step[] {
    const { assistant, target } = this.#mirror;
    const places = ([4, 6] as const).map((family) => clientPlaces(this.#mirror, nodes, family));
    const clients = places.flatMap(({ prefixes }) => prefixes);
    const at = nodes.find((node) => node.name === assistant);
    const sink =
      at === undefined || assistant === target.node || clients.length === 0
        ? []
        : [
            this.#step(
              'sink',
              { kind: 'mirror-sink', node: assistant, answers: this.#answers(clients) },
              `ip netns exec ${assistant} nft add rule inet runner mirror-sink ${this.#words(clients)} counter drop`,
              at,
            ),
          ];
    const real = new Set(places.flatMap((place) => place.nodes));
    const leaks = nodes
      .filter((node) => real.has(node.name))
      .map((node) =>
        this.#step(
          `leaks:${node.name}`,
          {
            kind: 'mirror-leaks',
            node: node.name,
            answers: this.#answers(
              node.interfaces.flatMap(({ addresses }) => addresses.map(withoutLength)),
            ),
          },
          `ip netns exec ${node.name} nft add rule inet runner mirror-leaks ${this.#words([])} counter`,
          node,
        ),
      );
    return [...sink, ...leaks];
  }

  /** The rule of one family in nft's words; with that of the other it is two. */
  #words(clients: readonly string[]): string {
    const { protocol, target } = this.#mirror;
    const [from = ''] = target.addresses;
    const word = from.includes(':') ? 'ip6' : 'ip';
    const to = clients.filter((place) => place.includes(':') === from.includes(':'));
    const towards = to.length === 0 ? '' : `${word} daddr { ${to.join(', ')} } `;
    return `${word} saddr ${from} ${towards}${protocol} sport ${target.port}`;
  }

  #answers(clients: readonly string[]): MirrorAnswers {
    const { name, protocol, target } = this.#mirror;
    const own = this.#target.interfaces.flatMap(({ addresses }) => addresses.map(withoutLength));
    const addresses = [...new Set([...target.addresses, ...own])];
    return { mirror: name, protocol, addresses, port: target.port, clients };
  }

  /** A neighbour that nobody is: what is sent to it leaves, is captured, and comes nowhere. */
  #nobody({ interface: device, address }: NextHop): Step {
    const { name } = this.#target;
    return this.#step(
      `nobody:${address}`,
      { kind: 'neighbour', node: name, interface: device, address, mac: NOBODY },
      ip(this.#target, `neighbour add ${address} lladdr ${NOBODY} dev ${device} nud permanent`),
    );
  }

  #rule(rule: PlanRule): Step {
    const action = { kind: 'rule', node: this.#target.name, rule } as const;
    return this.#step(`rule:${rule.to ?? ''}`, action, ip(this.#target, ruleCommand(rule)));
  }

  #step(id: string, action: StepAction, command: string, node = this.#target): Step {
    return { id: `mirror:${this.#mirror.name}:${id}`, do: action, command, undo: impliedBy(node) };
  }
}
