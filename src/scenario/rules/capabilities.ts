import { CAPABILITIES, capabilityName } from '../capability-names.ts';
import type { Context } from '../context.ts';
import type { Path } from '../source/tree.ts';
import type { Rule } from './rule.ts';

/** Capabilities are ones that Linux has. */
export const capabilities: Rule = (context) => {
  for (const { path, container } of context.nodes.values()) {
    const { capabilities: written = [] } = container ?? {};
    const at = [...path, 'capabilities'];
    if (Array.isArray(written)) checkNames(context, written, at);
    else {
      checkNames(context, written.add, [...at, 'add']);
      checkNames(context, written.drop, [...at, 'drop']);
    }
  }
};

function checkNames(context: Context, names: readonly string[] = [], path: Path): void {
  for (const [index, text] of names.entries()) {
    const name = capabilityName(text);
    if (!CAPABILITIES.has(name))
      context.report('S122', [...path, index], `There is no capability "${text}"`, {
        help:
          context.suggest(name, CAPABILITIES) ??
          'capabilities(7) has the list: NET_ADMIN, NET_RAW, SYS_PTRACE, …',
      });
  }
}
