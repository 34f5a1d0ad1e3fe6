// What the censors of a run decided: as the run tells it, and as `runner censor` does over what came to their nodes.
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { CensorStatistics } from '../../../../src/model/censor-statistics.ts';
import type { CensorEvent } from '../../../../src/model/middlebox.ts';
import type { Plan } from '../../../../src/model/plan.ts';
import { arrivalsAt } from './arrivals.ts';
import { runRunner, said } from './runner.ts';

/** Of one censor on one node: a line for each act, with its ends, and for each number of hits and actions; sorted. */
export interface Decisions {
  readonly censor: string;
  readonly live: readonly string[];
  readonly offline: readonly string[];
}

type LiveEvent = CensorEvent & { readonly kind: string; readonly node: string };

interface Run {
  readonly censors: readonly {
    readonly name: string;
    readonly on: readonly string[];
    readonly statistics: CensorStatistics;
  }[];
}

/** What `runner censor --json` prints. */
interface Judged {
  readonly packets: readonly {
    readonly flow: number | null;
    readonly acts?: readonly Pick<CensorEvent, 'rule' | 'action' | 'detail'>[];
  }[];
  readonly flows: readonly (Ends & { readonly flow: number; readonly protocol: string })[];
  readonly censorStatistics: CensorStatistics;
}

interface Ends {
  readonly client: string;
  readonly clientPort: number;
  readonly server: string;
  readonly serverPort: number;
}

/** `file` is the scenario of the run whose results are in `results`. What comes to be needed is written to `folder`. */
export async function decisionsOf(
  file: string,
  results: string,
  folder: string,
): Promise<readonly Decisions[]> {
  const read = (name: string): string => readFileSync(join(results, name), 'utf8');
  const plan = JSON.parse(read('plan.json')) as Plan;
  const { censors } = JSON.parse(read('run.json')) as Run;
  const events = read('events.ndjson')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LiveEvent);
  const found: Decisions[] = [];
  for (const { name, on } of plan.censors) {
    const run = censors.find((one) => one.name === name);
    if (run === undefined) throw new Error(`run.json has no censor "${name}"`);
    const pcap = join(folder, `${basename(file)}-${name}.pcap`);
    writeFileSync(pcap, arrivalsAt(plan, results, on));
    const options = ['--pcap', pcap, '--events', join(results, 'events.ndjson')];
    const result = await runRunner(['censor', file, ...options, '--censor', name, '--json']);
    if (result.code !== 0) throw new Error(said(result));
    const judged = JSON.parse(result.stdout) as Judged;
    // One censor on several nodes counts all that came to any of them.
    const totals = (statistics: CensorStatistics): readonly string[] =>
      run.on.length === 1 ? totalsOf(statistics) : [];
    found.push({
      censor: name,
      live: [...actsLive(events, name, on), ...totals(run.statistics)].toSorted(),
      offline: [...actsOffline(judged), ...totals(judged.censorStatistics)].toSorted(),
    });
  }
  return found;
}

/** A match is told by the act that follows from it. */
const actsLive = (events: readonly LiveEvent[], name: string, on: string): readonly string[] =>
  events
    .filter(({ kind, censor, node }) => kind === 'censor' && censor === name && node === on)
    .filter(({ action }) => action !== 'match')
    .map((event) => lineOf(event, event.protocol, endsOf(event)));

const actsOffline = ({ packets, flows }: Judged): readonly string[] =>
  packets.flatMap(({ flow, acts = [] }) => {
    const known = flows.find((one) => one.flow === flow);
    const ends = known
      ? [`${known.client} ${known.clientPort}`, `${known.server} ${known.serverPort}`]
      : [];
    return acts
      .filter(({ action }) => action !== 'match')
      .map((act) => lineOf(act, known?.protocol ?? '', ends));
  });

const totalsOf = ({ rules, actions }: CensorStatistics): readonly string[] => [
  ...rules.filter(({ hits }) => hits > 0).map(({ name, hits }) => `${hits} hits of ${name}`),
  ...Object.entries(actions).map(([kind, count]) => `${count} times ${kind}`),
];

const lineOf = (
  { rule, action, detail }: Pick<CensorEvent, 'rule' | 'action' | 'detail'>,
  protocol: string,
  ends: readonly string[],
): string => [rule, action, protocol, ...ends.toSorted(), detail].join(' · ');

const endsOf = (event: CensorEvent): readonly string[] => [
  `${event.source} ${event.sourcePort}`,
  `${event.destination} ${event.destinationPort}`,
];
