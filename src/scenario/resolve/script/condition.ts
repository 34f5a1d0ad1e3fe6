import type { ScriptCondition } from '../../../model/scenario-file.ts';
import type { Condition } from '../../../model/script.ts';
import type { Context } from '../../context.ts';
import type { Path } from '../../source/tree.ts';
import { resolvePayload } from './payload.ts';
import { resolveRegex } from './regex.ts';
import { checkVariable } from './variables.ts';

/** Undefined, with a report, when it cannot be. */
export function resolveCondition(
  context: Context,
  written: ScriptCondition,
  path: Path,
  name: string,
  variables: ReadonlySet<string>,
): Condition | undefined {
  const { variable, equals, matches, not } = written;
  if (
    not !== undefined &&
    variable === undefined &&
    equals === undefined &&
    matches === undefined
  ) {
    const condition = resolveCondition(context, not, [...path, 'not'], name, variables);
    return condition && { kind: 'not', condition };
  }
  if (
    variable === undefined ||
    not !== undefined ||
    (equals !== undefined && matches !== undefined)
  ) {
    context.report('S151', path, 'Expected a condition over one variable', {
      key: true,
      help: 'Write { variable: id }, { variable: id, matches: "^1" }, { variable: id, equals: "1" } or { not: { … } }',
    });
    return undefined;
  }
  if (!checkVariable(context, variable, [...path, 'variable'], variables)) return undefined;
  if (equals !== undefined) {
    const sized = resolvePayload(context, equals, [...path, 'equals'], name, variables);
    return sized && { kind: 'equals', variable, payload: sized.payload };
  }
  if (matches === undefined) return { kind: 'set', variable };
  const regex = resolveRegex(context, matches, [...path, 'matches']);
  return regex && { kind: 'matches', variable, source: regex.source, flags: regex.flags };
}
