import type { Context } from '../../context.ts';
import type { Path } from '../../source/tree.ts';

/** Whether the variable has been set by an earlier step of the party; a report when not. */
export function checkVariable(
  context: Context,
  name: string,
  path: Path,
  known: ReadonlySet<string>,
): boolean {
  if (known.has(name)) return true;
  context.report('S155', path, `No earlier step of the party sets the variable "${name}"`, {
    help:
      context.suggest(name, known) ??
      'Set it by a named group, expect: { regex: "id (?<id>[0-9]+)" }, or by "as" or "set": each party has variables of its own',
  });
  return false;
}
