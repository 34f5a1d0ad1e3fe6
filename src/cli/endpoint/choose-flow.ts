import { Fault } from '../../base/fault.ts';
import type { Plan } from '../../model/plan.ts';
import type { ScriptSpec } from '../../model/script.ts';

export interface ScriptFlow {
  readonly name: string;
  readonly spec: ScriptSpec;
}

/** The script named, or the only one. Throws a usage fault where there is none, or no two parties. */
export function chooseFlow(file: string, { flows }: Plan, name: string | undefined): ScriptFlow {
  const scripts = flows.flatMap(({ name: own, probe }) =>
    probe.kind === 'script' ? [{ name: own, spec: probe }] : [],
  );
  const names = scripts.map((script) => script.name).join(', ');
  const [only] = scripts;
  if (!only)
    throw new Fault('usage', `"${file}" has no script to play`, {
      help: 'Write a traffic entry with "between" and "script": docs/scripts.md',
    });
  if (name === undefined && scripts.length > 1)
    throw new Fault('usage', `"${file}" has ${scripts.length} scripts, and none is named`, {
      help: `Choose one with --flow: ${names}`,
    });
  const chosen = name === undefined ? only : scripts.find((script) => script.name === name);
  if (!chosen)
    throw new Fault('usage', `"${file}" has no script "${name ?? ''}"`, {
      help: `It has: ${names}`,
    });
  checkPair(chosen);
  return chosen;
}

function checkPair({ name, spec }: ScriptFlow): void {
  const { parties, channels } = spec;
  if (parties.length === 2 && channels.length === 1) return;
  throw new Fault(
    'usage',
    `Only a script of two parties and one connection can be played by hand: "${name}" has ${parties.length} parties and ${channels.length} connections`,
    { help: 'Play it in a lab: runner apply' },
  );
}
