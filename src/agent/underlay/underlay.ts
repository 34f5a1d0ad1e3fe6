// What carries a lab's frames from machine to machine: the machines' own network, or WireGuard over it.
import type { UnderlayOrder } from '../../model/rpc.ts';
import type { UnderlayPlace, UnderlayStacks } from './place.ts';
import { raiseWireguard } from './wireguard-underlay.ts';

export type { UnderlayPlace, UnderlayStacks } from './place.ts';

/** Settles when the other machines are reached through it. */
export async function prepareUnderlay(
  order: UnderlayOrder,
  stacks: UnderlayStacks,
): Promise<UnderlayPlace> {
  if (order.wireguard) return raiseWireguard(order, order.wireguard, stacks);
  return { namespaceFd: stacks.machine, own: order.own, peers: order.peers };
}
