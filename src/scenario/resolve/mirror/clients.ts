// Prefixes of a mirror: whose sessions are copied, and whence their copies come.
import {
  type IpPrefix,
  formatPrefix,
  networkAddress,
  parseIp,
  parsePrefix,
} from '../../../base/addresses.ts';
import type { Mirror } from '../../../model/scenario-file.ts';
import type { Context } from '../../context.ts';
import type { Path } from '../../source/tree.ts';

type Written = Pick<Mirror, 'clients' | 'mapped'>;

/** Undefined, with a report, where one is none. */
export const resolveClients = (
  context: Context,
  { clients = [] }: Written,
  path: Path,
): readonly string[] | undefined => prefixes(context, clients, [...path, 'clients']);

/** The same; one a family at most. */
export function resolveMapped(
  context: Context,
  { mapped = [] }: Written,
  path: Path,
): readonly string[] | undefined {
  const at = [...path, 'mapped'];
  const found = prefixes(context, mapped, at);
  const families = found?.map((prefix) => prefix.includes(':'));
  if (families === undefined || new Set(families).size === families.length) return found;
  context.report('S230', at, 'Copies come from one prefix of a family, found two of one', {
    help: 'Leave one of them',
  });
  return undefined;
}

function prefixes(
  context: Context,
  written: string | readonly string[],
  path: Path,
): readonly string[] | undefined {
  const found: string[] = [];
  for (const [index, text] of [written].flat().entries()) {
    const prefix = read(text);
    if (prefix === undefined) {
      context.report(
        'S230',
        Array.isArray(written) ? [...path, index] : path,
        `Expected an address or a prefix such as "10.190.0.0/16", found "${text}"`,
      );
      return undefined;
    }
    found.push(formatPrefix({ ...prefix, address: networkAddress(prefix) }));
  }
  return found;
}

function read(text: string): IpPrefix | undefined {
  const address = parseIp(text);
  if (address.ok) return { address: address.value, length: address.value.family === 4 ? 32 : 128 };
  const prefix = parsePrefix(text);
  return prefix.ok ? prefix.value : undefined;
}
