// A flow on the machines that take part in it: one, or for a script as many as have a party.
import type { AgentMethods } from '../../model/rpc.ts';
import { correctObservation } from '../../model/correct-times.ts';
import { machineTime } from '../../model/machine.ts';
import type { Observation } from '../../model/observation.ts';
import { observePlay } from '../../model/observe-play.ts';
import { machineOf, nodesOfFlow } from '../../model/plan-share.ts';
import type { Flow } from '../../model/traffic.ts';
import { invariant } from '../../base/invariant.ts';
import { type Fleet, built, partOn } from './fleet.ts';
import { type Part, callPart } from './part.ts';

type Params = AgentMethods['runFlow']['params'];

/** Milliseconds in which the others see by themselves that a party has failed, by the RST of its connections. */
const SEEN_WITHIN = 2000;
/** Microseconds from the last answer of parties that are ready to the play's begin: what tells them must be there before. */
const LEAD = 20_000;

export async function openFlow(
  fleet: Fleet,
  { flow, attempt }: AgentMethods['openFlow']['params'],
  timeoutMs: number,
): Promise<void> {
  await Promise.all(
    partsOf(fleet, flowOf(fleet, flow)).map((part) =>
      callPart(part, 'openFlow', { flow, attempt }, timeoutMs),
    ),
  );
}

export async function runFlow(
  fleet: Fleet,
  params: Params,
  timeoutMs: number,
): Promise<Observation> {
  const flow = flowOf(fleet, params.flow);
  const parts = partsOf(fleet, flow);
  const [only] = parts;
  if (only && parts.length === 1) return runPart(only, params, timeoutMs);
  await openFlow(fleet, params, timeoutMs);
  return runTogether(parts, flow, { ...params, at: params.at ?? soon(parts) }, timeoutMs);
}

/** Runs a machine's share of a script, or a flow that is one machine's alone. */
async function runPart(
  part: Part,
  { at, ...params }: Params,
  timeoutMs: number,
): Promise<Observation> {
  const own = at === undefined ? {} : { at: machineTime(part.clock(), at) };
  const seen = await callPart(part, 'runFlow', { ...params, ...own }, timeoutMs);
  return correctObservation(seen, part.clock());
}

async function runTogether(
  parts: readonly Part[],
  flow: Flow,
  params: Params,
  timeoutMs: number,
): Promise<Observation> {
  const { probe } = flow;
  invariant(probe.kind === 'script', 'Only scripts run on several machines');
  const playing = new Set(parts);
  let timer: NodeJS.Timeout | undefined;
  const run = async (part: Part): Promise<Observation> => {
    const seen = await runPart(part, params, timeoutMs);
    playing.delete(part);
    if (seen.failure !== null)
      timer ??= setTimeout(() => {
        const reason = `A party on machine "${part.machine.name}" has failed`;
        const tuples = (seen.parties ?? []).flatMap((report) => report.tuples);
        const request = { flow: params.flow, attempt: params.attempt, reason, tuples };
        // A machine that is gone tells by its own call.
        for (const other of playing)
          callPart(other, 'endFlow', request, timeoutMs).catch(() => undefined);
      }, SEEN_WITHIN);
    return seen;
  };
  try {
    const seen = await Promise.all(parts.map(run));
    const reports = seen.flatMap(({ parties = [] }) => parties);
    return observePlay(flow, probe, params.attempt, reports);
  } finally {
    clearTimeout(timer);
  }
}

/** A moment that every machine hears of before it comes: a clock's error is half the way there and back at most. */
const soon = (parts: readonly Part[]): number =>
  Date.now() * 1000 + LEAD + 4 * Math.max(...parts.map((part) => part.clock().error));

function flowOf(fleet: Fleet, name: string): Flow {
  const flow = built(fleet).plan.flows.find((candidate) => candidate.name === name);
  invariant(flow, `Flow "${name}" is in the plan`);
  return flow;
}

/** The part of the first node comes first. */
function partsOf(fleet: Fleet, flow: Flow): Part[] {
  const { plan } = built(fleet);
  const machines = new Set(nodesOfFlow(flow).map((node) => machineOf(plan, node)));
  return [...machines].map((machine) => partOn(fleet, machine));
}
