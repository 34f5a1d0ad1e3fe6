import type { PlanProxy } from '../../model/plan.ts';
import type { Traffic } from '../../model/scenario-file.ts';
import type { Context } from '../context.ts';
import type { Path } from '../source/tree.ts';
import type { Rule } from './rule.ts';

/** What switches parts of a proxy names those that there are, and says whether they hold. */
export const proxyControls: Rule = (context, { proxies }) => {
  const byName = new Map(proxies.map(({ proxy }) => [proxy.name, proxy]));
  for (const [index, entry] of (context.scenario.traffic ?? []).entries()) {
    if (entry.proxy === undefined) continue;
    const path = ['traffic', index];
    const proxy = byName.get(entry.proxy);
    if (proxy !== undefined) checkChange(context, entry, proxy, path);
    else reportUnknownProxy(context, entry.proxy, [...byName.keys()], [...path, 'proxy'], 'S184');
  }
};

/** Proxies that could not be resolved have been reported. */
export function reportUnknownProxy(
  context: Context,
  name: string,
  names: readonly string[],
  path: Path,
  code: string,
): void {
  if (context.partial || context.scenario.proxies?.[name] !== undefined) return;
  context.report(code, path, `There is no proxy "${name}"`, {
    help:
      context.suggest(name, names) ??
      (names.length === 0 ? 'Add "proxies"' : `There are: ${names.join(', ')}`),
  });
}

function checkChange(
  context: Context,
  { fault, rule, enabled }: Traffic,
  { name, relay }: PlanProxy,
  path: Path,
): void {
  if (enabled === undefined && !context.partial)
    context.report('S184', path, `Nothing is said to become of the proxy "${name}"`, {
      help: 'Write "enabled: false" or "enabled: true"',
    });
  if (fault !== undefined && rule !== undefined)
    context.report('S048', [...path, 'rule'], 'Expected one of "fault" and "rule"', {
      key: true,
      help: 'Write an entry for each',
    });
  for (const [key, part, all] of [
    ['fault', fault, relay.faults],
    ['rule', rule, relay.rules],
  ] as const) {
    const names = all.map((one) => one.name);
    if (part !== undefined && !names.includes(part) && !context.partial)
      context.report('S184', [...path, key], `The proxy "${name}" has no ${key} "${part}"`, {
        help:
          context.suggest(part, names) ??
          (names.length === 0 ? `It has no ${key}s` : `It has: ${names.join(', ')}`),
      });
  }
}
