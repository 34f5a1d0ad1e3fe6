import { formatIp, parseIp } from '../../../../base/addresses.ts';
import type { RedirectAction } from '../../../../model/censor-action.ts';
import type { Redirect } from '../../../../model/scenario-file.ts';
import type { Path } from '../../../source/tree.ts';
import { reportBridge } from '../../places.ts';
import { nearestAddress } from '../../targets.ts';
import { type Place, below } from '../scope.ts';

export function resolveRedirect(place: Place, written: Redirect): RedirectAction {
  const to = below(place, 'to');
  const addresses = [written.to].flat().flatMap((text, index) => {
    const path = Array.isArray(written.to) ? [...to.path, index] : to.path;
    return addressesOf(place, text, path);
  });
  for (const family of [4, 6] as const) {
    const own = addresses.filter((address) => address.includes(':') === (family === 6));
    if (own.length > 1)
      place.scope.context.report(
        'S088',
        to.path,
        `Expected one address of each family, found ${own.join(' and ')}`,
        { key: true, help: 'Write a rule for each, with "probability" or "share" to choose' },
      );
  }
  return { kind: 'redirect', to: addresses, port: written.port ?? null };
}

/** An address as it is, or those of a host: one of each family, as near to the censor as there is. */
function addressesOf({ scope }: Place, text: string, path: Path): readonly string[] {
  const { context, lab, node } = scope;
  const literal = parseIp(text);
  if (literal.ok) return [formatIp(literal.value)];
  const target = lab.topology.nodes.get(text);
  if (target?.bridge !== undefined) {
    reportBridge(context, target, path);
    return [];
  }
  if (target !== undefined) {
    const found = ([4, 6] as const).flatMap(
      (family) => nearestAddress(lab, node, target, family) ?? [],
    );
    if (found.length === 0 && !context.partial)
      context.report('S094', path, `The ${target.kind} "${text}" has no address`);
    return found;
  }
  if (context.off.nodes.has(text))
    context.report(
      'S061',
      path,
      `The ${context.kindOf(text)} "${text}" is switched off by its "when"`,
    );
  else if (!context.written.nodes.has(text))
    context.report('S060', path, `Expected an address, a host or a container, found "${text}"`, {
      help:
        context.suggest(text, lab.topology.nodes.keys()) ??
        'Write the address that the packets are sent to instead',
    });
  return [];
}
