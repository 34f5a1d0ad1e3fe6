import { type Compiled, compileFile, tellDiagnostics } from '../compile-file.ts';
import { EXIT, Fault } from '../../base/fault.ts';
import { type LiveLab, isLive } from '../../lab/list.ts';
import type { CensorChange } from '../../model/traffic.ts';
import type { Input } from '../verb.ts';
import type { Plan } from '../../model/plan.ts';
import { askAtDoor } from '../../lab/door.ts';
import { canonicalJson } from '../../base/canonical-json.ts';
import { findLabs } from '../labs.ts';
import { join } from 'node:path';
import { oneLab } from '../find-lab.ts';
import { readFileSync } from 'node:fs';
import { refuseFarCensor } from '../refuse-far-censor.ts';
import { tell } from '../terminal.ts';

const LIMIT_MS = 20_000;

export async function run(input: Input): Promise<number> {
  const [file] = input.words;
  const switches = [
    ...input.list('stop').map((censor) => ({ censor, change: { kind: 'stop' } as const })),
    ...input.list('start').map((censor) => ({ censor, change: { kind: 'start' } as const })),
  ];
  if (file === undefined && switches.length === 0)
    throw new Fault('usage', 'Nothing is named to reload, stop or start', {
      help: 'Name the scenario as it now is, or a censor: runner reload [FILE] [--stop NAME] [--start NAME]',
    });
  const compiled = file === undefined ? null : await compileFile(file, input);
  if (compiled) tellDiagnostics(compiled);
  if (compiled && !compiled.plan) return EXIT.badScenario;
  const lab = liveLab(oneLab(await findLabs(), input.text('lab') ?? compiled?.plan?.scenario));
  const old = readPlan(lab);
  for (const { censor } of switches) mustHave(old, censor);
  const reloads = compiled?.plan ? reloadsOf(lab, old, compiled.plan) : [];
  const changes = [...reloads, ...switches];
  refuseFarCensor(lab, old.censors, new Set(changes.map(({ censor }) => censor)));
  for (const { censor, change } of changes) {
    await askAtDoor(lab, 'controlCensor', { censor, change }, LIMIT_MS);
    if (!input.has('quiet')) tell(`${censor}: ${DONE[change.kind]}`);
  }
  return EXIT.ok;
}

const DONE = { reload: 'reloaded', stop: 'stopped', start: 'started' } as const;

function liveLab(lab: ReturnType<typeof oneLab>): LiveLab {
  if (isLive(lab)) return lab;
  throw new Fault('usage', `The lab ${lab.id} does not run here`, { help: 'See "runner ps"' });
}

/** What the lab was made from. */
function readPlan({ id, directory }: LiveLab): Plan {
  try {
    return JSON.parse(readFileSync(join(directory, 'plan.json'), 'utf8')) as Plan;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Fault('machine', `The plan of lab ${id} cannot be read: ${reason}`, { cause });
  }
}

function mustHave({ censors }: Plan, name: string): void {
  if (censors.some((censor) => censor.name === name)) return;
  const names = [...new Set(censors.map((censor) => `"${censor.name}"`))].join(', ');
  throw new Fault('usage', `The lab has no censor "${name}"`, {
    help: names === '' ? 'It has none at all' : `It has ${names}`,
  });
}

/** Each censor as the scenario now has it. Everything else must be as the lab was made. */
function reloadsOf(
  lab: LiveLab,
  old: Plan,
  plan: NonNullable<Compiled['plan']>,
): { censor: string; change: CensorChange }[] {
  const [before, after] = [old, plan].map((of) => canonicalJson(fixedPart(of)));
  if (before !== after)
    throw new Fault('usage', `More than the rules of censors differs from lab ${lab.id}`, {
      help: 'Destroy the lab and start it anew; see what it was made from in its plan.json',
    });
  return [...new Map(plan.censors.map((censor) => [censor.name, censor]))].map(
    ([censor, spec]) => ({ censor, change: { kind: 'reload', spec } }),
  );
}

/** What a running lab cannot change; what only says how its run is judged does not count. */
const fixedPart = (plan: Plan): unknown => ({
  ...plan,
  // Other rules, lists and programs can be put in force; a program can neither come nor go.
  censors: plan.censors.map((censor) => ({
    ...censor,
    rules: [],
    lists: [],
    program: censor.program !== undefined,
  })),
  description: '',
  params: {},
  expectations: [],
  controls: [],
});
