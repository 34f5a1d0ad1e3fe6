// How the machines of a lab reach each other: known only when all of them have been reached.
import { networkInterfaces } from 'node:os';
import { type IpAddress, formatIp, parseIp } from '../../base/addresses.ts';
import { Fault } from '../../base/fault.ts';
import type { Plan } from '../../model/plan.ts';
import type { UnderlayOrder } from '../../model/rpc.ts';
import type { Fleet } from './fleet.ts';
import type { Part } from './part.ts';
import { planMesh } from './wireguard-mesh.ts';

export interface Underlays {
  /** Machine → the address at which others reach it; none when no network is on several machines. */
  readonly addresses: ReadonlyMap<string, string>;
  readonly orders: ReadonlyMap<string, UnderlayOrder>;
}

const VNI_DIGITS = 6;

/** Throws a machine fault when it cannot be told at which address a machine is to be reached. */
export function planUnderlays({ labId, parts }: Fleet, plan: Plan): Underlays {
  const meeting = new Set(
    plan.networks.flatMap(({ trunks = [] }) => trunks.map(({ machine }) => machine)),
  );
  const involved = parts.filter(({ machine: { name } }) => meeting.has(name));
  const found = involved.map((part) => [part.machine.name, addressOf(part, involved)] as const);
  refuseStrangers(found);
  const addresses = new Map(found.map(([name, address]) => [name, formatIp(address)]));
  const vniBase = parseInt(labId.slice(0, VNI_DIGITS), 16);
  const mesh = planMesh(
    involved.flatMap(({ machine: { name, underlay } }) =>
      underlay.wireguard
        ? [{ name, address: addresses.get(name) ?? '', port: underlay.wireguard.port }]
        : [],
    ),
    plan,
  );
  const orders = involved.map(({ machine: { name } }): readonly [string, UnderlayOrder] => {
    const within = mesh.get(name);
    if (within) return [name, { vniBase, ...within }];
    const peers = [...addresses].filter(([other]) => other !== name);
    return [name, { vniBase, own: addresses.get(name) ?? '', peers: Object.fromEntries(peers) }];
  });
  return { addresses, orders: new Map(orders) };
}

/** What the scenario says, else the address at which ssh reached it; here the one from which it did. */
function addressOf(part: Part, parts: readonly Part[]): IpAddress {
  const { name, underlay } = part.machine;
  const reached = parts.find(({ far }) => far)?.far?.machine.facts.peer;
  const text = underlay.address ?? part.far?.machine.facts.address ?? reached ?? '';
  const parsed = parseIp(text);
  if (!parsed.ok)
    throw new Fault('machine', `Machine "${name}" has no address for its underlay: "${text}"`, {
      help: mend(name),
    });
  if (!part.far && underlay.address === null && !isOwn(parsed.value))
    throw new Fault(
      'machine',
      `Other machines reach this one at "${text}", which is none of its own addresses: there is address translation in between`,
      { help: mend(name) },
    );
  return parsed.value;
}

const mend = (machine: string): string =>
  `Say at which address the other machines reach it: "machines: { ${machine}: { underlay: ADDRESS } }"`;

/** Whether an address is one of this machine's. */
function isOwn(address: IpAddress): boolean {
  const text = formatIp(address);
  return Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .some((own) => {
      const parsed = parseIp(own.address.split('%')[0] ?? '');
      return parsed.ok && formatIp(parsed.value) === text;
    });
}

function refuseStrangers(found: readonly (readonly [string, IpAddress])[]): void {
  const [first] = found;
  for (const [name, address] of found) {
    const twin = found.find(
      ([other, theirs]) => other !== name && formatIp(theirs) === formatIp(address),
    );
    if (twin)
      throw new Fault(
        'machine',
        `Machines "${name}" and "${twin[0]}" have the same underlay address ${formatIp(address)}`,
        { help: `Give one computer one name; if they are two: ${mend(twin[0])}` },
      );
    if (first && address.family !== first[1].family)
      throw new Fault(
        'machine',
        `Machine "${first[0]}" is reached over IPv${first[1].family} and machine "${name}" over IPv${address.family}: no network can join them`,
        { help: mend(name) },
      );
  }
}
