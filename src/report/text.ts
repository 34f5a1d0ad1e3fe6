// What a person reads at the end of a run.
import {
  describeCause,
  describeContainer,
  describeExpectation,
  describeMachine,
  describeProof,
  describeResult,
  farMachines,
} from './describe.ts';
import { describeMirrorOutcome } from './describe-mirror.ts';
import { describeFurtherSignals } from './describe-signals.ts';
import { printable } from './escape.ts';
import { containerNodes } from '../model/plan-containers.ts';
import type { Plan } from '../model/plan.ts';
import type { Report } from './report.ts';

/** Marks text as good, bad or secondary; plain text gets it unchanged. */
export interface Paint {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly faint: (text: string) => string;
}

export const PLAIN: Paint = { good: (text) => text, bad: (text) => text, faint: (text) => text };

/** The table of flows, what failed, and where the results are. `results` is the path to show. */
export function renderText(report: Report, results: string, paint: Paint = PLAIN): string {
  return [
    ...flowTable(report, paint),
    ...machineLines(report, paint),
    ...containerLines(report, paint),
    ...mirrorLines(report, paint),
    ...failedExpectations(report, paint),
    closingLine(report, results, paint),
    '',
  ].join('\n');
}

function flowTable({ verdicts }: Report, paint: Paint): string[] {
  if (verdicts.length === 0) return [];
  const rows = verdicts.map((verdict) =>
    [
      verdict.flow,
      describeResult(verdict),
      describeCause(verdict),
      describeProof(verdict),
      ...(verdict.control ? [verdict.control.changed] : []),
    ].map(printable),
  );
  const header = ['flow', 'result', 'cause', 'proof'];
  if (verdicts.some((verdict) => verdict.control)) header.push('without censors');
  const [head = '', ...lines] = alignColumns([header, ...rows]);
  return [
    paint.faint(head),
    ...verdicts.flatMap((verdict, index) => {
      const line = lines[index] ?? '';
      const result = printable(describeResult(verdict));
      const colour = verdict.failure === null ? paint.good : paint.bad;
      // The result is the second column: the flow's name may hold the same word.
      const from = line.indexOf(result, verdict.flow.length);
      const row = line.slice(0, from) + colour(result) + line.slice(from + result.length);
      const also = describeFurtherSignals(verdict);
      const notes = [verdict.detail, also === null ? undefined : `also ${also}`];
      return [
        row,
        ...notes.flatMap((note) =>
          note === undefined ? [] : [paint.faint(printable(`  ${note}`))],
        ),
      ];
    }),
  ];
}

/** The far ones. */
const machineLines = ({ manifest: { machines } }: Report, paint: Paint): string[] =>
  farMachines(machines).map((machine) =>
    paint.faint(`machine ${printable(describeMachine(machine))}`),
  );

/** Those of which there is something to say. */
const containerLines = ({ manifest: { containers } }: Report, paint: Paint): string[] =>
  containers.flatMap((container) => {
    const text = describeContainer(container);
    return text === null ? [] : [`${paint.bad('!')} container ${container.node}: ${text}`];
  });

const mirrorLines = ({ manifest: { mirrors } }: Report, paint: Paint): string[] =>
  mirrors.map((mirror) => paint.faint(`mirror ${printable(describeMirrorOutcome(mirror))}`));

function failedExpectations({ expectations }: Report, paint: Paint): string[] {
  return expectations
    .filter((result) => !result.held)
    .map(
      ({ expectation, detail }) =>
        `${paint.bad('✘')} ${printable(describeExpectation(expectation))}\n  ${printable(detail)}`,
    );
}

function closingLine(
  { expectations, manifest, plan }: Report,
  results: string,
  paint: Paint,
): string {
  const failed = expectations.filter((result) => !result.held).length;
  const held = expectations.length - failed;
  const parts = [
    expectations.length === 0 ? 'none' : `${held} held`,
    ...(failed > 0 ? [paint.bad(`${failed} failed`)] : []),
    ...((plan.leftOut ?? 0) === 0 ? [] : [`${plan.leftOut ?? 0} of censors left out`]),
    ...(manifest.warnings.length > 0 ? [countOf(manifest.warnings.length, 'warning')] : []),
  ];
  return `expectations: ${parts.join(', ')} · ${results}`;
}

/** `3 hosts`, `1 host`. */
export const countOf = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? '' : 's'}`;

/** `3 hosts`, `1 container`: how many there are of each kind. */
export function countNodes(plan: Pick<Plan, 'nodes'>): string[] {
  const containers = containerNodes(plan).length;
  const hosts = plan.nodes.length - containers;
  return [
    ...(hosts > 0 || containers === 0 ? [countOf(hosts, 'host')] : []),
    ...(containers > 0 ? [countOf(containers, 'container')] : []),
  ];
}

/** Pads each column to its widest cell; two spaces between columns, none at the end of a line. */
export function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows)
    for (const [index, cell] of row.entries())
      widths[index] = Math.max(widths[index] ?? 0, codePoints(cell));
  return rows.map((row) =>
    row
      .map((cell, index) => cell + ' '.repeat((widths[index] ?? 0) - codePoints(cell)))
      .join('  ')
      .trimEnd(),
  );
}

const codePoints = (text: string): number => Array.from(text).length;
