import type { PlanMirror } from '../../../model/mirror.ts';
import { IP_PROTOCOL } from '../../../wire/ip-protocol.ts';
import { plannedIp } from '../../../model/planned-address.ts';
import type { Wish, WishedPlace } from '../tap/wish.ts';

/** What clients say to the online server, and of its answers the headers unless they are compared. */
export function onlineWishes({ online, protocol, compare }: PlanMirror): readonly Wish[] {
  const wish = { protocol: IP_PROTOCOL[protocol] };
  return online.addresses.flatMap((text) => {
    const address = plannedIp(text);
    const prefix = { address, length: address.bytes.length * 8 };
    const server: WishedPlace = { prefix, port: online.port };
    return [
      { ...wish, from: null, to: server, isHead: false },
      { ...wish, from: server, to: null, isHead: compare === null },
    ];
  });
}
