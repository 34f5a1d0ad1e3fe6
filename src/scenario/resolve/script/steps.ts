// The steps of a script in order, each resolved with what is known by then of its party.
import type { ScriptAction, ScriptLoop, ScriptStep } from '../../../model/scenario-file.ts';
import type { Path } from '../../source/tree.ts';
import { listed } from '../../text.ts';
import type { Piece } from './acts.ts';
import { noteEnd } from './ends.ts';
import type { Actor, ScriptScope } from './scope.ts';
import { resolveStep } from './step.ts';

/** Parts with faults are reported and left out. */
export function resolveSteps(
  scope: ScriptScope,
  steps: readonly ScriptStep[],
  path: Path,
): readonly Piece[] {
  const actors = new Map(
    [...scope.parties.keys()].map((party): [string, Actor] => [
      party,
      { party, variables: new Set(), closed: new Map(), lost: new Set(), drained: new Map() },
    ]),
  );
  return piecesOf(scope, actors, steps, path, '');
}

function piecesOf(
  scope: ScriptScope,
  actors: ReadonlyMap<string, Actor>,
  steps: readonly ScriptStep[],
  path: Path,
  prefix: string,
): readonly Piece[] {
  return steps.flatMap((written, index): readonly Piece[] => {
    const label = `${prefix}${index + 1}`;
    return Object.entries(written).flatMap(([key, action]): readonly Piece[] => {
      const at = [...path, index, key];
      if (action === undefined) return [];
      if (isLoop(key, action)) return loopPieces(scope, actors, action, at, label);
      const actor = actors.get(key);
      if (actor === undefined) {
        reportParty(scope, key, at);
        return [];
      }
      return resolveStep(scope, actor, action, { path: at, step: label }).map((act) => {
        noteEnd(scope, actors, act);
        return { kind: 'act', act };
      });
    });
  });
}

const isLoop = (key: string, action: ScriptAction | ScriptLoop): action is ScriptLoop =>
  key === 'loop' && 'steps' in action;

function loopPieces(
  scope: ScriptScope,
  actors: ReadonlyMap<string, Actor>,
  loop: ScriptLoop,
  path: Path,
  label: string,
): readonly Piece[] {
  const at = [...path, 'steps'];
  const before = new Map(
    Array.from(actors, ([party, { closed }]) => [party, new Map(closed)] as const),
  );
  const pieces = piecesOf(scope, actors, loop.steps, at, `${label}.`);
  const closer = [...actors.values()].find(
    ({ party, closed }) => closed.size > (before.get(party)?.size ?? 0),
  );
  if (loop.times > 1 && closer !== undefined)
    scope.context.report(
      'S152',
      path,
      `In a loop, "${closer.party}" closes a connection that it needs in the next turn`,
      {
        key: true,
        help: 'Close it after the loop; for a new connection each time, repeat the whole flow by "repeat" or "for"',
      },
    );
  return [{ kind: 'loop', times: loop.times, pieces }];
}

function reportParty({ context, parties }: ScriptScope, name: string, path: Path): void {
  const known = [...parties.keys()];
  context.report('S150', path, `There is no party "${name}" in the script`, {
    key: true,
    help:
      context.suggest(name, [...known, 'loop']) ?? `Its parties: ${listed(known, 'and', false)}`,
  });
}
