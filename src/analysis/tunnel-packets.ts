import type { Plan } from '../model/plan.ts';
import { IP_PROTOCOL } from '../wire/ip-protocol.ts';
import { type Conversation, endpointOf, sameEndpoint } from './capture-index.ts';

/** Whether a conversation is what a tunnel of the lab carries its own in: no program began it. */
export const isOfTunnel = (
  { tunnels = [] }: Pick<Plan, 'tunnels'>,
  { protocol, near, far }: Pick<Conversation, 'protocol' | 'near' | 'far'>,
): boolean =>
  protocol === IP_PROTOCOL.udp &&
  tunnels.some(({ client: { endpoint } }) => {
    const server = endpoint && endpointOf(endpoint.address, endpoint.port);
    return server !== null && (sameEndpoint(near, server) || sameEndpoint(far, server));
  });
