import { type IpAddress, type IpPrefix, parseIp, parsePrefix } from '../base/addresses.ts';
import { invariant } from '../base/invariant.ts';

/** An address as plans have them. */
export function plannedIp(text: string): IpAddress {
  const address = parseIp(text);
  invariant(address.ok, `A plan holds whole addresses, found "${text}"`);
  return address.value;
}

/** A prefix, or an address as that of itself alone. */
export function plannedPrefix(text: string): IpPrefix {
  const length = text.includes(':') ? 128 : 32;
  const prefix = parsePrefix(text.includes('/') ? text : `${text}/${length}`);
  invariant(prefix.ok, `A plan holds whole prefixes, found "${text}"`);
  return prefix.value;
}
