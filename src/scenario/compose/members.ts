// The services that take part, each with the networks that it is on and the ports that it is reached at.
import { type Attachment, type Place, attachmentOf } from './service/attachment.ts';
import { type Ports, portsOf } from './service/ports.ts';
import type { Participant } from './take-part.ts';
import { checkKeys } from './service/keys.ts';

export interface Member {
  readonly participant: Participant;
  readonly attachment: Attachment;
  readonly ports: Ports;
}

export function membersOf(services: ReadonlyMap<string, Participant>): ReadonlyMap<string, Member> {
  const attachments = new Map<string, Attachment>();
  const attach = (service: string, below: readonly string[]): Attachment | undefined => {
    const known = attachments.get(service);
    const participant = services.get(service);
    if (known !== undefined || participant === undefined || below.length > services.size)
      return known;
    if (below.includes(service)) {
      const { context } = participant;
      context.notes.error(
        'C002',
        context.spanOf('network_mode'),
        `The service "${service}" shares its own network by "network_mode"`,
      );
      return undefined;
    }
    const found = attachmentOf(participant.context, (other) => attach(other, [...below, service]));
    attachments.set(service, found);
    return found;
  };
  const members = new Map<string, Member>();
  for (const [service, participant] of services) {
    checkKeys(participant.context);
    const attachment = attach(service, []) ?? { stack: 'own', networks: new Map<string, Place>() };
    members.set(service, { participant, attachment, ports: portsOf(participant.context) });
  }
  return members;
}
