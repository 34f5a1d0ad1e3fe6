import { type IpPrefix, parsePrefix } from '../../base/addresses.ts';
import { invariant } from '../../base/invariant.ts';

/** A prefix, or an address as that of itself alone, as plans have them. */
export function plannedPrefix(text: string): IpPrefix {
  const length = text.includes(':') ? 128 : 32;
  const prefix = parsePrefix(text.includes('/') ? text : `${text}/${length}`);
  invariant(prefix.ok, `A plan holds whole prefixes, found "${text}"`);
  return prefix.value;
}
