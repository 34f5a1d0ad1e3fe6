// Who the senders of a list of packets are: named by what they are, by number or by address.
import { parseIp } from '../../../base/addresses.ts';
import type { Faults } from '../../faults.ts';
import type { ReplayParty } from '../replay-script.ts';
import type { ListEnds } from './ends.ts';
import type { ListedPacket } from './packet.ts';

const WORDS: ReadonlyMap<string, ReplayParty> = new Map([
  ['client', 'client'],
  ['server', 'server'],
  ['c', 'client'],
  ['s', 'server'],
  ['0', 'client'],
  ['1', 'server'],
]);

/** The party of each sender. Of addresses that the list does not give as ends, the first to send is the client. */
export function senderNames(
  packets: readonly ListedPacket[],
  { client, server }: ListEnds,
  faults: Faults,
): ReadonlyMap<string, ReplayParty> {
  const names = new Map<string, ReplayParty>();
  const taken = new Set<ReplayParty>();
  const known = new Map<string, ReplayParty>([
    ...WORDS,
    [client.address, 'client'],
    [server.address, 'server'],
  ]);
  for (const { sender, span } of packets) {
    if (names.has(sender)) continue;
    const free = (['client', 'server'] as const).find((party) => !taken.has(party));
    const party = known.get(sender.toLowerCase()) ?? (parseIp(sender).ok ? free : undefined);
    if (party === undefined) {
      const found = JSON.stringify(sender);
      faults.add(
        'P002',
        span,
        `Expected "client", "server" or one of two addresses, found ${found}`,
      );
      continue;
    }
    names.set(sender, party);
    taken.add(party);
  }
  return names;
}
