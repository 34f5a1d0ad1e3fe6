import { parseIp, parsePrefix, prefixContains, sameIp } from '../../base/addresses.ts';
import type { Context } from '../context.ts';
import type { ResolvedMachine } from '../resolve/machines.ts';
import type { Network } from '../resolve/topology.ts';
import type { Rule } from './rule.ts';

/** Addresses at which no other machine reaches one (RFC 6890), with what they are for. */
const ELSEWHERE: readonly (readonly [string, string])[] = [
  ['0.0.0.0/8', 'no machine at all'],
  ['127.0.0.0/8', 'the machine itself alone'],
  ['224.0.0.0/3', 'multicast and other uses'],
  ['::/128', 'no machine at all'],
  ['::1/128', 'the machine itself alone'],
  ['ff00::/8', 'multicast'],
];

/** The largest packet of IPv4 and IPv6 (RFC 791, RFC 8200), less what VXLAN and the path below it add. */
const LARGEST_MTU = 65_450;
/** WireGuard adds as much as it takes from the usual MTU of 1430. */
const LARGEST_MTU_ENCRYPTED = LARGEST_MTU - 80;

/** Machines that a network joins reach each other at their underlays. */
export const underlayPairs: Rule = (context, { lab, machines }) => {
  for (const machine of machines.used) checkPurpose(context, machine);
  const said = new Set<string>();
  for (const network of lab.topology.networks.values()) {
    const joined = machines.used.filter(({ plan }) => network.machines.includes(plan.name));
    if (joined.length < 2) continue;
    checkMtu(context, network, machines.isEncrypted);
    for (const [index, second] of joined.entries())
      for (const first of joined.slice(0, index)) {
        const pair = `${first.plan.name} ${second.plan.name}`;
        if (!said.has(pair)) checkPair(context, network.name, first, second);
        said.add(pair);
      }
  }
};

function checkPurpose(context: Context, { plan, addressSpan }: ResolvedMachine): void {
  const address = parseIp(plan.underlay.address ?? '');
  if (!address.ok || addressSpan === undefined) return;
  for (const [text, purpose] of ELSEWHERE) {
    const prefix = parsePrefix(text);
    if (prefix.ok && prefixContains(prefix.value, address.value))
      context.reportAt(
        'S144',
        addressSpan,
        `The underlay "${plan.underlay.address ?? ''}" is for ${purpose}`,
        { help: 'Write an address of the machine at which the other machines reach it' },
      );
  }
}

function checkPair(
  context: Context,
  network: string,
  first: ResolvedMachine,
  second: ResolvedMachine,
): void {
  const [left, right] = [
    parseIp(first.plan.underlay.address ?? ''),
    parseIp(second.plan.underlay.address ?? ''),
  ];
  if (!left.ok || !right.ok || second.addressSpan === undefined) return;
  const names = `"${first.plan.name}" and "${second.plan.name}"`;
  const related =
    first.addressSpan === undefined
      ? []
      : [{ message: 'The other underlay', span: first.addressSpan }];
  if (left.value.family !== right.value.family)
    context.reportAt(
      'S144',
      second.addressSpan,
      `The machines ${names} are on the network "${network}", and their underlays are of IPv${left.value.family} and IPv${right.value.family}`,
      { related, help: 'Write addresses of one family: packets go from one to the other' },
    );
  else if (sameIp(left.value, right.value))
    context.reportAt(
      'S144',
      second.addressSpan,
      `The machines ${names} are on the network "${network}" and have one underlay`,
      {
        related,
        help: 'Put the hosts on one machine: no network joins two machines that are one computer',
      },
    );
}

function checkMtu(context: Context, { path, mtu, machines }: Network, isEncrypted: boolean): void {
  const largest = isEncrypted ? LARGEST_MTU_ENCRYPTED : LARGEST_MTU;
  if (mtu > largest)
    context.report(
      'S045',
      [...path, 'mtu'],
      `Expected an MTU of at most ${largest} on a network across ${machines.length} machines, found ${mtu}`,
      { help: 'Whatever goes from machine to machine has to fit into a packet of theirs' },
    );
}
