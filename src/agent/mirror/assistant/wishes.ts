import type { IpPrefix } from '../../../base/addresses.ts';
import type { PlanMirror } from '../../../model/mirror.ts';
import { IP_PROTOCOL } from '../../../wire/ip-protocol.ts';
import { plannedIp, plannedPrefix } from '../../../model/planned-address.ts';
import type { Wish, WishedPlace } from '../tap/wish.ts';

/** What the target answers to the places from which copies speak: headers, unless somebody listens to more. */
export function answerWishes(mirror: PlanMirror): readonly Wish[] {
  const { target, protocol } = mirror;
  const wish = { protocol: IP_PROTOCOL[protocol], isHead: !wantsAnswers(mirror) };
  return target.addresses.flatMap((text): Wish[] => {
    const address = plannedIp(text);
    const prefix = { address, length: address.bytes.length * 8 };
    const from: WishedPlace = { prefix, port: target.port };
    const speakers = speakersOf(mirror, address.family);
    if (speakers === 'all') return [{ ...wish, from, to: null }];
    return speakers.map((to) => ({ ...wish, from, to: { prefix: to, port: null } }));
  });
}

/** Whether what the target says is read, and not only how much it says. */
export const wantsAnswers = ({ compare, hook }: PlanMirror): boolean =>
  compare !== null || hook !== null;

/** Prefixes from which copies come. */
function speakersOf({ clients, mapped }: PlanMirror, family: 4 | 6): readonly IpPrefix[] | 'all' {
  const [own, other] = [clients, mapped].map((texts) =>
    texts.map(plannedPrefix).filter(({ address }) => address.family === family),
  );
  if (other && other.length > 0) return other;
  return clients.length === 0 ? 'all' : (own ?? []);
}
