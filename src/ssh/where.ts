// How messages name a hop: the machine of the scenario, or a jump host on the way to it.
import { describeHop } from '../model/machine.ts';
import type { Hop } from './hop.ts';

/** A hop and what it is part of. */
export interface Where {
  /** The machine's name in the scenario. */
  readonly machine: string;
  readonly hop: Hop;
  readonly isJump: boolean;
}

/** `machine "edge" (lab@198.51.100.7:22)`, or the jump host with the machine that it leads to. */
export const describeWhere = ({ machine, hop, isJump }: Where): string =>
  isJump
    ? `jump host "${hop.alias}" (${reachedOf(hop)}) of machine "${machine}"`
    : `machine "${machine}" (${reachedOf(hop)})`;

/** `user@host:port`. */
export const reachedOf = ({ user, host, port }: Hop): string =>
  describeHop({ user, host: bracket(host), port });

/** A host as it stands before a port: an IPv6 address in brackets. */
export const bracket = (host: string): string => (host.includes(':') ? `[${host}]` : host);
