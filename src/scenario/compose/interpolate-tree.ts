// Every text of a compose file with its variables filled in.
import type { Faults } from '../faults.ts';
import type { Span } from '../../base/diagnostic.ts';
import type { MapTree, ScalarTree, Tree } from '../source/tree.ts';
import { LIMITS } from '../source/limits.ts';
import { expandVariables } from './interpolation.ts';
import { type Variables, severally } from './variables.ts';

/** Characters that the variables of one file may stand for in all. */
const LONGEST = 16 * LIMITS.fileBytes;

/** The tree filled in; `sensitive` learns which variables that others had better not read are in which scalar. */
export function interpolateTree(
  root: MapTree,
  variables: Variables,
  sensitive: Map<Span, readonly string[]>,
  faults: Faults,
): MapTree {
  const done = new Map<Tree, Tree>();
  let left = LONGEST;

  const scalar = (tree: ScalarTree): ScalarTree => {
    if (typeof tree.value !== 'string' || !tree.value.includes('$')) return tree;
    const expanded = expandVariables(tree.value, variables.lookUp, left);
    if (!expanded.ok) {
      const { kind, message } = expanded.error;
      if (kind === 'syntax')
        faults.add('C006', tree.span, `The text cannot be interpolated: ${message}`, {
          help: 'Write "$$" where a dollar sign is meant',
        });
      else
        faults.add('C005', tree.span, `A variable must be set: ${message || 'no message given'}`, {
          help: 'Set it in the environment or in the file .env beside the compose file',
        });
      return tree;
    }
    const { text, unset, used } = expanded.value;
    left -= text.length;
    for (const name of new Set(unset))
      faults.add('C007', tree.span, `The variable "${name}" is not set: its place stays empty`, {
        severity: 'warning',
        help: `Set it in the environment or in the file .env beside the compose file, or write "\${${name}:-value}"`,
      });
    const found = severally(used.flatMap(variables.sensitiveIn));
    if (found.length > 0) sensitive.set(tree.span, found);
    return { ...tree, value: text };
  };

  const fill = (tree: Tree): Tree => {
    const known = done.get(tree);
    if (known !== undefined) return known;
    const filled =
      tree.kind === 'scalar'
        ? scalar(tree)
        : tree.kind === 'list'
          ? { ...tree, items: tree.items.map(fill) }
          : fillMap(tree);
    done.set(tree, filled);
    return filled;
  };

  const fillMap = (tree: MapTree): MapTree => ({
    ...tree,
    entries: new Map(
      Array.from(tree.entries, ([key, entry]) => [key, { ...entry, value: fill(entry.value) }]),
    ),
  });

  return fillMap(root);
}
