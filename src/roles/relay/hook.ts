// Where in the way of a message a rule stands: read from its sender, or about to be sent to its receiver.
import type { HookPoint } from '../../model/relay.ts';
import type { Side } from '../../wire/protocol/contract.ts';

export interface LaneHooks {
  readonly ingress: HookPoint;
  readonly egress: HookPoint;
}

/** Of the messages that this side sends. */
export const HOOKS: Readonly<Record<Side, LaneHooks>> = {
  client: { ingress: 'C->P', egress: 'P->S' },
  server: { ingress: 'S->P', egress: 'P->C' },
};

export const otherSide = (side: Side): Side => (side === 'client' ? 'server' : 'client');
