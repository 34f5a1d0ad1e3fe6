import type { Expectation } from '../../model/scenario-file.ts';
import type { Context } from '../context.ts';
import type { ResolvedProxy } from '../resolve/relay/proxies.ts';
import type { Path } from '../source/tree.ts';
import { reportUnknownProxy } from './proxy-controls.ts';

/** An expectation of a proxy names one that there is, and a rule that it has. */
export function checkProxy(
  context: Context,
  { proxy: name, rule, finding, count }: Expectation,
  proxies: readonly ResolvedProxy[],
  path: Path,
): void {
  if (name === undefined) return;
  const found = proxies.find(({ proxy }) => proxy.name === name)?.proxy;
  const names = proxies.map(({ proxy }) => proxy.name);
  if (found === undefined) {
    reportUnknownProxy(context, name, names, [...path, 'proxy'], 'S110');
    return;
  }
  if (count !== undefined && (rule === undefined) === (finding === undefined) && !context.partial)
    context.report(
      'S098',
      [...path, 'count'],
      'The key "count" of a proxy goes with "rule" or "finding"',
      {
        key: true,
        help: 'Name one of both, or count "sessions", "messages" or "bytes"',
      },
    );
  if (finding !== undefined && found.relay.fuzz === null && !context.partial)
    context.report('S110', [...path, 'finding'], `The proxy "${name}" mutates nothing`, {
      help: 'Findings are those of its "fuzz"',
    });
  const rules = found.relay.rules.map((one) => one.name);
  if (rule !== undefined && !rules.includes(rule) && !context.partial)
    context.report('S110', [...path, 'rule'], `The proxy "${name}" has no rule "${rule}"`, {
      help:
        context.suggest(rule, rules) ??
        (rules.length === 0 ? 'It has no rules' : `It has: ${rules.join(', ')}`),
    });
}
