import type { ScriptAction } from '../../../model/scenario-file.ts';
import type { IpFields } from '../../../model/script.ts';
import type { Context } from '../../context.ts';
import type { Path } from '../../source/tree.ts';

/** Keys of a step that are fields of the IP header. */
export const IP_KEYS: readonly (keyof ScriptAction)[] = [
  'ttl',
  'tos',
  'id',
  'df',
  'flowLabel',
  'fragments',
  'ipChecksum',
];

const ONLY_IPV4 = ['id', 'df', 'ipChecksum'] as const;

/** Undefined, with a report, when the family has no such field, or fragments are none. */
export function resolveIpFields(
  context: Context,
  action: ScriptAction,
  family: 4 | 6,
  path: Path,
): IpFields | undefined {
  const stray =
    family === 6
      ? ONLY_IPV4.find((key) => action[key] !== undefined)
      : action.flowLabel === undefined
        ? undefined
        : ('flowLabel' as const);
  if (stray !== undefined) {
    context.report('S157', [...path, stray], `IPv${family} has no "${stray}"`, { key: true });
    return undefined;
  }
  const odd = action.fragments?.findIndex((size) => size % 8 !== 0) ?? -1;
  if (odd >= 0) {
    const size = action.fragments?.[odd] ?? 0;
    context.report('S157', [...path, 'fragments', odd], `Expected a multiple of 8, found ${size}`, {
      help: `Offsets of fragments count in units of 8 bytes (RFC 791 section 3.1): write ${Math.max(8, Math.round(size / 8) * 8)}; what is left is the last fragment`,
    });
    return undefined;
  }
  return {
    ...(action.ttl !== undefined && { ttl: action.ttl }),
    ...(action.tos !== undefined && { trafficClass: action.tos }),
    ...(action.id !== undefined && { id: action.id }),
    ...(action.df !== undefined && { dontFragment: action.df }),
    ...(action.flowLabel !== undefined && { flowLabel: action.flowLabel }),
    ...(action.fragments !== undefined && { fragments: action.fragments }),
    ...(action.ipChecksum !== undefined && { checksum: action.ipChecksum }),
  };
}
