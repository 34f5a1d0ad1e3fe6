// A results folder, as far as traces need it: its plan, its visits, and the captures that a person or the plan chooses.
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { WatchedCapture } from '../../analysis/traces/extract-traces.ts';
import { type Visit, type VisitEvent, findVisits } from '../../analysis/traces/visits.ts';
import { Fault } from '../../base/fault.ts';
import { member } from '../../base/member.ts';
import { clockAt } from '../../model/clocks.ts';
import type { FiveTuple } from '../../model/observation.ts';
import type { Plan, PlanCapture } from '../../model/plan.ts';
import type { ArmRecord, RunManifest } from '../../model/run.ts';
import { readingFault } from '../read-bytes.ts';

export interface RecordedRun {
  readonly plan: Plan;
  readonly visits: readonly Visit[];
  /** By flow: of those with one attempt. */
  readonly tuples: ReadonlyMap<string, FiveTuple>;
  readonly captures: readonly PlanCapture[];
  /** What weakens the captures, one sentence each. */
  readonly notes: readonly string[];
  /** Reads one of `captures`; null where the run was cut off before it began. */
  readonly read: (capture: PlanCapture) => WatchedCapture | null;
}

export interface RunChoice {
  readonly arm: 'main' | 'control';
  /** `client.inside`; empty: all captures of the nodes that visit. */
  readonly captures: readonly string[];
}

/** Throws a usage fault when the folder is none of a run, or has nothing to read. */
export function readRun(folder: string, choice: RunChoice): RecordedRun {
  const manifest = readManifest(folder);
  const record = choice.arm === 'control' ? manifest.control : manifest;
  const below = choice.arm === 'control' ? join(folder, 'control') : folder;
  if (record === undefined)
    throw new Fault('usage', `The run in "${folder}" has no arm without censors`, {
      help: 'Leave --control out, or write "control: true" in the scenario and run it again',
    });
  const plan = readPlan(below);
  const visits = findVisits(readEvents(folder), choice.arm);
  if (visits.length === 0)
    throw new Fault('usage', `No visit came to its end in the run in "${folder}"`, {
      help: 'Visits are flows: write some under "traffic" of the scenario',
    });
  const captures = chooseCaptures(folder, plan, visits, choice.captures);
  const clocks = Object.fromEntries(record.machines.map(({ name, clock }) => [name, clock]));
  return {
    plan,
    visits,
    tuples: choice.arm === 'main' ? readTuples(folder) : new Map(),
    captures,
    notes: captures.flatMap((capture) => weaknesses(capture, record)),
    read: (capture) => {
      const bytes = readCaptureFile(join(below, 'captures', basename(capture.file)));
      const { node, network, interface: name } = capture;
      const clock = clockAt(clocks, plan, node);
      return bytes && { node, network, interface: name, bytes, clock };
    },
  };
}

export const captureName = ({ node, network }: Pick<PlanCapture, 'node' | 'network'>): string =>
  `${node}.${network}`;

function chooseCaptures(
  folder: string,
  plan: Plan,
  visits: readonly Visit[],
  names: readonly string[],
): PlanCapture[] {
  const known = plan.captures.map(captureName);
  for (const name of names)
    if (!known.includes(name))
      throw new Fault('usage', `The run in "${folder}" has no capture ${JSON.stringify(name)}`, {
        help: known.length === 0 ? 'It has none at all' : `It has ${known.join(', ')}`,
      });
  const visitors = new Set(visits.map(({ node }) => node));
  const chosen = plan.captures.filter((capture) =>
    names.length === 0 ? visitors.has(capture.node) : names.includes(captureName(capture)),
  );
  if (chosen.length > 0) return chosen;
  throw new Fault('usage', `No node that visits is captured in the run in "${folder}"`, {
    help:
      known.length === 0
        ? `Write "captures: [${[...visitors].join(', ')}]" in the scenario and run it again`
        : `Name a capture: --capture ${known[0] ?? ''}; there are ${known.join(', ')}`,
  });
}

function weaknesses(capture: PlanCapture, record: ArmRecord): string[] {
  const name = captureName(capture);
  const dropped = record.captures.find((stats) => captureName(stats) === name)?.dropped ?? 0;
  return [
    ...(dropped > 0 ? [`${name}: the capture lost ${dropped} packets`] : []),
    ...(capture.filter === '' ? [] : [`${name}: captured is "${capture.filter}" alone`]),
  ];
}

function readManifest(folder: string): RunManifest {
  const manifest = readJson(folder, 'run.json');
  if (!['machines', 'captures'].every((key) => Array.isArray(member(manifest, key))))
    throw new Fault('usage', `"${join(folder, 'run.json')}" is no manifest of a run`);
  return manifest as RunManifest;
}

function readPlan(folder: string): Plan {
  const plan = readJson(folder, 'plan.json');
  const parts = ['nodes', 'captures', 'flows'];
  if (member(plan, 'planVersion') !== 1 || !parts.every((key) => Array.isArray(member(plan, key))))
    throw new Fault('usage', `"${join(folder, 'plan.json')}" is no plan that this version knows`);
  return plan as Plan;
}

function* readEvents(folder: string): Generator<VisitEvent> {
  const file = join(folder, 'events.ndjson');
  for (const [index, line] of readWhole(file).toString('utf8').split('\n').entries()) {
    if (line === '') continue;
    const event = parseJson(line, `${file}:${index + 1}`);
    const kind = member(event, 'kind');
    if (kind === 'phase' || kind === 'flow-begins' || kind === 'flow-ends')
      yield event as VisitEvent;
  }
}

/** None where the run was not judged. */
function readTuples(folder: string): Map<string, FiveTuple> {
  let text: string;
  try {
    text = readFileSync(join(folder, 'verdicts.json'), 'utf8');
  } catch {
    return new Map();
  }
  const verdicts = parseJson(text, join(folder, 'verdicts.json'));
  if (!Array.isArray(verdicts)) return new Map();
  return new Map(
    verdicts.flatMap((verdict: unknown) => {
      const tuple = member(verdict, 'fiveTuple');
      const isOnly = member(verdict, 'attempts') === 1;
      return isOnly && tuple ? [[String(member(verdict, 'flow')), tuple as FiveTuple]] : [];
    }),
  );
}

function readCaptureFile(path: string): Uint8Array | null {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw readingFault(path, error);
  }
}

function readJson(folder: string, name: string): unknown {
  const file = join(folder, name);
  return parseJson(readWhole(file).toString('utf8'), file);
}

function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Fault('usage', `${place} is damaged: expected JSON`, { cause });
  }
}

function readWhole(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    const { message } = readingFault(file, cause);
    throw new Fault('usage', message, {
      help: 'Name the results folder of a run, such as results/censor/latest',
      cause,
    });
  }
}
