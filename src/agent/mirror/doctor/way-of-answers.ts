// By which way the target's kernel would send what it answers to a client.
import { type IpAddress, sameIp } from '../../../base/addresses.ts';
import { inNamespace } from '../../../kernel/namespace.ts';
import { findNeighbour } from '../../../kernel/netlink/find-neighbour.ts';
import { findWay, matchedPrefixLength } from '../../../kernel/netlink/find-route.ts';
import { readLink } from '../../../kernel/netlink/read-link.ts';
import type { MirrorFacts } from '../../../model/mirror-doctor.ts';

export interface AnswerWay extends Pick<MirrorFacts, 'route' | 'neighbour'> {
  /** By which answers leave; null where they do not. */
  readonly interface: string | null;
}

export interface WayPlace {
  /** The target's namespace. */
  readonly target: number;
  /** The address from which it answers. */
  readonly source: IpAddress;
  readonly client: IpAddress;
  /** The assistant's addresses; null where it is the target itself. */
  readonly assistant: readonly IpAddress[] | null;
  /** Of all nodes. */
  readonly known: readonly IpAddress[];
}

export function findAnswerWay({ target, source, client, assistant, known }: WayPlace): AnswerWay {
  return inNamespace(target, () => {
    const way = findWay(source, client);
    if (way.kind !== 'hop')
      return {
        route: way.kind === 'none' ? 'none' : 'blackhole',
        neighbour: null,
        interface: null,
      };
    const { interface: index, nextHop } = way.route;
    const has = (addresses: readonly IpAddress[]): boolean =>
      addresses.some((address) => sameIp(address, nextHop));
    const device = { interface: readLink(index)?.name ?? null };
    if (assistant && has(assistant)) return { route: 'assistant', neighbour: null, ...device };
    if (!assistant && !has(known) && !sameIp(nextHop, client))
      return { route: 'local', neighbour: findNeighbour(index, nextHop) !== undefined, ...device };
    // Clients that are neighbours, and all that the default route is for, have none of their own.
    const isGeneral = sameIp(nextHop, client) || matchedPrefixLength(source, client) === 0;
    return { route: isGeneral ? 'none' : 'elsewhere', neighbour: null, ...device };
  });
}
