// Attempts that are stopped before they say anything, shortly after another was stopped for what it said: told by comparing all
// attempts of a run. That their way was open at another time must show as well, or a rule of its own may stop them.
import { formatMillis } from '../../base/units.ts';
import type { FiveTuple, Observation } from '../../model/observation.ts';
import type { Cause, Signal } from '../../model/verdict.ts';
import type { AlignedFlow } from '../aligned.ts';
import type { Finding } from '../finding.ts';
import { named } from './signal-detector.ts';

/** What counts of an attempt. */
export interface AttemptTrace {
  readonly flow: string;
  readonly tuple: FiveTuple;
  /** Somebody's doing, with packets for proof; null when nobody interfered. */
  readonly interference: Finding | null;
  /** Whether its client had sent payload by then. */
  readonly spoke: boolean;
  readonly succeeded: boolean;
  /** When it was interfered with, or began: microseconds since the epoch. */
  readonly time: number;
}

const INTERFERENCE: readonly Cause[] = [
  'injected-rst',
  'injected-fin',
  'injected-page',
  'injected-data',
  'dropped',
];

export function traceOf(
  observation: Observation,
  flow: AlignedFlow | undefined,
  finding: Finding | null,
): AttemptTrace | null {
  if (flow?.tuple.protocol !== 'tcp') return null;
  const isProven =
    finding !== null && INTERFERENCE.includes(finding.cause) && finding.proof.length > 0;
  const interference = isProven ? finding : null;
  return {
    flow: observation.flow,
    tuple: flow.tuple,
    interference,
    spoke: flow.forward.trajectories.some(
      ({ packet }) => packet.length > 0 && packet.time <= (interference?.time ?? observation.end),
    ),
    succeeded: observation.failure === null && finding === null,
    time: interference?.time ?? observation.start,
  };
}

/** An attempt that was stopped without a word, and the one that was stopped for its words before. */
interface Aftermath {
  readonly origin: AttemptTrace;
  readonly hit: AttemptTrace;
}

/** By flow. */
export function signalResidualBlocking(traces: readonly AttemptTrace[]): Map<string, Signal> {
  const ordered = traces.toSorted((left, right) => left.time - right.time);
  const open = ordered.filter(({ succeeded }) => succeeded);
  const byFlow = new Map<string, Aftermath[]>();
  for (const aftermath of aftermathsOf(ordered)) {
    if (!wasOpen(aftermath, open)) continue;
    const known = byFlow.get(aftermath.hit.flow);
    if (known) known.push(aftermath);
    else byFlow.set(aftermath.hit.flow, [aftermath]);
  }
  return new Map(
    [...byFlow].flatMap(([flow, aftermaths]) => {
      const signal = residualSignal(aftermaths, open);
      return signal ? [[flow, signal]] : [];
    }),
  );
}

function aftermathsOf(ordered: readonly AttemptTrace[]): Aftermath[] {
  const stopped = new Map<string, AttemptTrace>();
  return ordered.flatMap((trace): Aftermath[] => {
    const keys = [threeTuple(trace.tuple), twoTuple(trace.tuple)];
    if (!trace.interference) return [];
    if (trace.spoke) {
      for (const key of keys) stopped.set(key, trace);
      return [];
    }
    const origin = keys.flatMap((key) => stopped.get(key) ?? [])[0];
    return origin ? [{ origin, hit: trace }] : [];
  });
}

const twoTuple = ({ source, destination }: FiveTuple): string => `${source} → ${destination}`;

const threeTuple = (tuple: FiveTuple): string => `${twoTuple(tuple)} port ${tuple.destinationPort}`;

/** To the same port the one that was stopped had come through itself; to another one somebody must have, at some time. */
const wasOpen = ({ origin, hit }: Aftermath, open: readonly AttemptTrace[]): boolean =>
  threeTuple(origin.tuple) === threeTuple(hit.tuple) ||
  open.some(({ tuple }) => threeTuple(tuple) === threeTuple(hit.tuple));

function residualSignal(
  aftermaths: readonly Aftermath[],
  open: readonly AttemptTrace[],
): Signal | null {
  const [first] = aftermaths;
  const last = aftermaths.at(-1);
  if (!first || !last) return null;
  const { origin, hit } = first;
  const after = ({ origin: from, hit: to }: Aftermath): string =>
    formatMillis((to.time - from.time) / 1000);
  const more =
    aftermaths.length > 1 ? [`${aftermaths.length} attempts, the last ${after(last)} after`] : [];
  const detail = [
    `stopped before it sent anything, ${after(first)} after flow ${origin.flow} was: ${hit.interference?.summary ?? ''}`,
    keyOf(first, open),
    ...more,
    ...reopening(last, open),
  ].join('; ');
  return {
    kind: 'residual-blocking',
    side: 'server',
    detail,
    proof: [
      ...(hit.interference?.proof ?? []),
      ...(origin.interference?.proof.slice(0, 1) ?? []).map((proof) => ({
        ...proof,
        note: `${proof.note}, of flow ${origin.flow}`,
      })),
    ],
    ...named(hit.interference?.by ?? null),
  };
}

/** What both have in common is the key at its narrowest. */
function keyOf({ origin, hit }: Aftermath, open: readonly AttemptTrace[]): string {
  if (threeTuple(origin.tuple) !== threeTuple(hit.tuple))
    return `key: 2-tuple (${twoTuple(hit.tuple)})`;
  if (origin.tuple.sourcePort === hit.tuple.sourcePort)
    return `key: at most 4-tuple (${threeTuple(hit.tuple)} from port ${hit.tuple.sourcePort})`;
  const isPortOpen = open.some(
    ({ tuple, time }) =>
      twoTuple(tuple) === twoTuple(hit.tuple) &&
      tuple.destinationPort !== hit.tuple.destinationPort &&
      time > origin.time &&
      time < hit.time,
  );
  const width = isPortOpen ? '3-tuple, another port was open' : '3-tuple or wider';
  return `key: ${width} (${threeTuple(hit.tuple)})`;
}

function reopening({ origin, hit }: Aftermath, open: readonly AttemptTrace[]): string[] {
  const next = open.find(
    ({ tuple, time }) => time > hit.time && threeTuple(tuple) === threeTuple(hit.tuple),
  );
  return next ? [`open again ${formatMillis((next.time - origin.time) / 1000)} after`] : [];
}
