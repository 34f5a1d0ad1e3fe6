// One play of a script as one observation, from what each of its parties saw.
import type { FiveTuple, Observation } from './observation.ts';
import type { PartyReport, ScriptSpec } from './script.ts';
import type { Flow } from './traffic.ts';

/** The failure of a play is that of the party that failed first; what was sent and received is the first party's. */
export function observePlay(
  flow: Pick<Flow, 'name' | 'from'>,
  { parties, channels }: Pick<ScriptSpec, 'parties' | 'channels'>,
  attempt: number,
  reports: readonly PartyReport[],
): Observation {
  const ordered = parties.flatMap(({ name }) => reports.filter(({ party }) => party === name));
  const own = ordered.find(({ party }) => party === parties[0]?.name) ?? ordered[0];
  const failed = ordered
    .filter(({ failure }) => failure !== null)
    .reduce<PartyReport | null>(
      (first, report) => (first && first.end <= report.end ? first : report),
      null,
    );
  const fiveTuple = tupleOf(ordered, channels[0]?.from);
  return {
    flow: flow.name,
    attempt,
    node: flow.from,
    probe: 'script',
    failure: failed?.failure ?? null,
    operation: failed?.operation ?? null,
    start: Math.min(...ordered.map(({ start }) => start)),
    end: Math.max(...ordered.map(({ end }) => end)),
    ...(fiveTuple && { fiveTuple }),
    timings: own?.timings ?? {},
    received: own?.received ?? 0,
    sent: own?.sent ?? 0,
    ...(failed && { detail: describeFailure(failed) }),
    parties: ordered,
  };
}

/** Of the first channel, as the party that begins it had it. */
function tupleOf(reports: readonly PartyReport[], from: string | undefined): FiveTuple | undefined {
  const [found] = [...reports]
    .sort((one, other) => Number(other.party === from) - Number(one.party === from))
    .flatMap(({ tuples }) => tuples.filter(({ channel }) => channel === 0));
  if (!found) return undefined;
  const { protocol, source, sourcePort, destination, destinationPort } = found;
  return { protocol, source, sourcePort, destination, destinationPort };
}

function describeFailure({ party, step, detail = '' }: PartyReport): string {
  const place = step === null ? `"${party}"` : `"${party}" at step ${step}`;
  return detail === '' ? place : `${place}: ${detail}`;
}
