import { parsePrefix, prefixContains } from '../base/addresses.ts';
import type { PlanMirror } from '../model/mirror.ts';
import type { Plan } from '../model/plan.ts';
import { IP_PROTOCOL } from '../wire/ip-protocol.ts';
import {
  type Conversation,
  type Endpoint,
  addressOf,
  endpointOf,
  sameEndpoint,
} from './capture-index.ts';

/**
 * Whether a conversation is what a mirror of the lab said to its target for a client: no program began it. Frames that a network carries to everybody
 * show it to the client too. A client's own would have no answer: the target's answers to clients end at the assistant.
 */
export const isOfMirror = (
  { mirrors = [] }: Pick<Plan, 'mirrors'>,
  { protocol, near, far }: Pick<Conversation, 'protocol' | 'near' | 'far'>,
): boolean =>
  mirrors.some(
    (mirror) =>
      mirror.mode === 'packet' &&
      protocol === IP_PROTOCOL[mirror.protocol] &&
      isTarget(mirror, far) &&
      isClient(mirror, near),
  );

const isTarget = ({ target }: PlanMirror, far: Endpoint): boolean =>
  target.addresses.some((address) => {
    const end = endpointOf(address, target.port);
    return end !== null && sameEndpoint(far, end);
  });

const isClient = ({ clients }: PlanMirror, near: Endpoint): boolean =>
  clients.length === 0 ||
  clients.some((text) => {
    const prefix = parsePrefix(text);
    return prefix.ok && prefixContains(prefix.value, addressOf(near));
  });
