import type { Context } from '../../context.ts';
import type { Lab } from '../lab.ts';
import { prefixesOf } from '../places.ts';
import type { TunnelDraft } from './order.ts';

/** What of a client goes by a tunnel that has these addresses, as prefixes. */
export function routedPrefixes(
  context: Context,
  lab: Lab,
  { route, path }: Pick<TunnelDraft, 'route' | 'path'>,
  addresses: readonly string[],
): readonly string[] {
  const carries = (family: 4 | 6): boolean =>
    addresses.some((text) => text.includes(':') === (family === 6));
  const everything = [...(carries(4) ? ['0.0.0.0/0'] : []), ...(carries(6) ? ['::/0'] : [])];
  if (route === 'none') return [];
  if (route === 'default') return everything;
  const at = [...path, 'route'];
  const prefixes = route.flatMap((word) => prefixesOf(context, lab.topology, word, at));
  for (const prefix of prefixes)
    if (!carries(prefix.includes(':') ? 6 : 4))
      context.report('S195', at, `The tunnel carries no IPv6, but "${prefix}" is to go by it`, {
        help: 'Write "ipv6: true" for the tunnel',
      });
  return [...new Set(prefixes)];
}
