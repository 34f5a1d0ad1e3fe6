import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RUNNER, time } from '../command.ts';
import type { Figure } from '../figure.ts';
import { inScratch } from '../scenarios.ts';

const FLOWS = 500;
/** Exchanges of a play, half of them after all others have begun. */
const EXCHANGES = 20;

/** Scripted TCP connections that play side by side, with everything (runner, agent, both ends) on one core. */
export async function measureScripts(): Promise<readonly Figure[]> {
  return inScratch(async (folder) => {
    const file = join(folder, 'scripts.yaml');
    writeFileSync(file, scenario());
    const argv = ['taskset', '-c', '0', RUNNER, 'apply', file, '--json', '--out', folder];
    const { stdout } = await time(argv);
    const report = JSON.parse(stdout) as Report;
    const { most, played } = sideBySide(join(report.results, 'events.ndjson'));
    const seconds = report.timings.traffic / 1000;
    return [
      {
        what: `${FLOWS} scripted TCP flows on one core: played whole at one time ÷ ${FLOWS}`,
        value: Math.min(most, played) / FLOWS,
        unit: 'ratio',
        wished: { atLeast: 1 },
        beside: `${Math.round((played * EXCHANGES) / seconds)} exchanges a second, each in segments of its own; ${seconds.toFixed(2)} s in all`,
      },
    ];
  });
}

interface Report {
  readonly results: string;
  readonly timings: { readonly traffic: number };
}

interface FlowEvent {
  readonly kind: string;
  readonly time: number;
  readonly failure?: string | null;
}

/** How many attempts were under way at once at the most, and how many ended well. */
function sideBySide(file: string): { readonly most: number; readonly played: number } {
  const events = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.includes('"flow-'))
    .map((line) => JSON.parse(line) as FlowEvent)
    .toSorted((left, right) => left.time - right.time);
  let now = 0;
  let most = 0;
  let played = 0;
  for (const { kind, failure } of events) {
    now += kind === 'flow-begins' ? 1 : -1;
    most = Math.max(most, now);
    if (kind === 'flow-ends' && failure === null) played += 1;
  }
  return { most, played };
}

const exchanges = (indent: string): string[] => [
  `${indent}- loop:`,
  `${indent}    times: ${EXCHANGES / 2}`,
  `${indent}    steps:`,
  `${indent}      - client: { send: { random: 100B }, flush: true }`,
  `${indent}      - server: { send: { random: 1000B }, flush: true }`,
];

const scenario = (): string =>
  [
    'version: 1',
    'name: scripts',
    'hosts: { client: {}, server: {} }',
    'networks:',
    '  lan: { subnet: 10.0.0.0/16, members: [client, server] }',
    'traffic:',
    '  - name: plays',
    '    between: [client, server:9000]',
    `    repeat: ${FLOWS}`,
    `    concurrency: ${FLOWS}`,
    '    script:',
    ...exchanges('      '),
    // By then every other play is under way as well.
    '      - client: { send: "all here", at: 3s, flush: true }',
    ...exchanges('      '),
    'expect: [{ flow: plays, failure: null }]',
    '',
  ].join('\n');
