// Addresses and prefixes as a plan has them: whole.
import { type IpAddress, type IpPrefix, parseIp, parsePrefix } from '../../base/addresses.ts';
import { invariant } from '../../base/invariant.ts';

export function plannedIp(text: string): IpAddress {
  const address = parseIp(text);
  invariant(address.ok, address.ok ? '' : `A plan holds whole addresses. ${address.error}`);
  return address.value;
}

export function plannedPrefix(text: string): IpPrefix {
  const prefix = parsePrefix(text);
  invariant(prefix.ok, prefix.ok ? '' : `A plan holds whole prefixes. ${prefix.error}`);
  return prefix.value;
}
