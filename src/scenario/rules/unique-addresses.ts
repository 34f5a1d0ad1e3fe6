import { formatIp, ipToBigInt, prefixSize } from '../../base/addresses.ts';
import type { Context } from '../context.ts';
import type { Member, MemberAddress } from '../resolve/topology.ts';
import type { Path } from '../source/tree.ts';
import type { Rule } from './rule.ts';

/** No two interfaces have the same address, MAC or, in the whole lab, name; none has a subnet's first or last address. */
export const uniqueAddresses: Rule = (context, { lab }) => {
  const seen = new Map<string, Claim>();
  for (const { members, segment } of lab.topology.networks.values()) {
    const gateways = new Set(lab.topology.segments.get(segment)?.gateway.map(formatIp));
    for (const member of members) {
      claim(context, seen, `MAC address ${member.mac}`, { member, path: member.path }, 'S068');
      claim(
        context,
        seen,
        `interface name ${member.interface}`,
        { member, path: member.path },
        'S070',
      );
      for (const item of member.addresses) {
        claim(context, seen, `address ${item.text}`, { member, path: item.path }, 'S068');
        checkEdges(context, member, item);
        if (gateways.has(item.text))
          context.report(
            'S068',
            member.path,
            `The address "${item.text}" of "${member.node}" is the uplink's own`,
            { help: 'Give the host another address: the last one of the subnet is the gateway' },
          );
      }
    }
  }
};

interface Claim {
  readonly member: Member;
  readonly path: Path;
}

function claim(
  context: Context,
  seen: Map<string, Claim>,
  what: string,
  own: Claim,
  code: string,
): void {
  const first = seen.get(what);
  if (first === undefined) {
    seen.set(what, own);
    return;
  }
  const space = what.lastIndexOf(' ');
  const where = ({ member }: Claim): string => `"${member.node}" on "${member.network}"`;
  context.report(
    code,
    own.path,
    `The ${what.slice(0, space)} "${what.slice(space + 1)}" is given twice: to ${where(first)} and to ${where(own)}`,
    { related: [{ message: 'First given here', span: context.spanOf(first.path) }] },
  );
}

function checkEdges(
  context: Context,
  member: Member,
  { address, subnet, text, path }: MemberAddress,
): void {
  if (address.family === 6 || subnet.length >= 31) return;
  const offset = ipToBigInt(address) - ipToBigInt(subnet.address);
  const isFirst = offset === 0n;
  if (!isFirst && offset !== prefixSize(subnet) - 1n) return;
  context.report(
    'S067',
    path,
    `The address "${text}" of "${member.node}" is the ${isFirst ? 'network' : 'broadcast'} address of its subnet`,
    { help: 'Use one in between' },
  );
}
