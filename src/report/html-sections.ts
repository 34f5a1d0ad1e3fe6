// The parts of report.html, one function a heading.
import { describeExpectation, describeResult, place, describeHop } from './describe.ts';
import { describeRelayEvent } from './describe-relay.ts';
import { describeTunnel, describeTunnelControl } from './describe-tunnel.ts';
import { formatMillis, formatRate } from '../base/units.ts';
import { paramText } from '../model/param-text.ts';
import type { EngineFacts } from '../model/container.ts';
import type { LinkMeasurement } from '../model/rpc.ts';
import type { HtmlExtras, Report, RunEvent } from './report.ts';
import type { ArmRecord } from '../model/run.ts';
import type { Proof } from '../model/verdict.ts';
import { countOf } from './text.ts';
import { describeCounters } from '../model/describe-relay.ts';
import { describeMirror, describeMirrorNews } from '../model/describe-mirror.ts';
import { describeStatistics } from '../model/describe-statistics.ts';
import { escapeMarkup } from './escape.ts';

/** HTML that is safe already, as opposed to text that must be escaped. */
interface Markup {
  readonly html: string;
}
export type Cell = string | number | Markup;

export function flowSection({ verdicts }: Report): string {
  if (verdicts.length === 0) return '';
  const hasControl = verdicts.some((verdict) => verdict.control);
  const head = ['Flow', 'Result', 'What happened', 'By', 'Proof', 'Duration', 'RTT', 'Goodput'];
  const rows = verdicts.map((verdict): Cell[] => [
    verdict.flow,
    outcome(verdict.failure === null, describeResult(verdict)),
    verdict.summary,
    verdict.by ?? '',
    proofList(verdict.proof),
    optional(verdict.metrics.duration, formatMillis),
    optional(verdict.metrics.rtt, formatMillis),
    optional(verdict.metrics.goodput, formatRate),
    ...(hasControl ? [verdict.control?.changed ?? ''] : []),
  ]);
  return section('Flows', table([...head, ...(hasControl ? ['Without censors'] : [])], rows));
}

export function expectationSection({ expectations }: Report): string {
  if (expectations.length === 0) return '';
  const rows = expectations.map(({ expectation, held, detail }): Cell[] => [
    outcome(held, held ? 'held' : 'failed'),
    describeExpectation(expectation),
    detail,
  ]);
  return section('Expectations', table(['Outcome', 'Wished', 'Found'], rows));
}

export function linkSection({ manifest }: Report): string {
  return arms(manifest, 'Links measured before traffic', ({ links, impairments }) => {
    const rows = links.map((link): Cell[] => [
      link.network,
      `${link.from} → ${link.to}`,
      formatMillis(link.delay),
      formatMillis(link.jitter),
      percent(link.lossRatio),
      optional(link.rate, formatRate),
      impairments[link.network] ?? '',
      missList(link),
    ]);
    const head = ['Network', 'Direction', 'Delay', 'Jitter', 'Loss', 'Rate', 'Made by', 'Misses'];
    return rows.length === 0 ? '' : table(head, rows);
  });
}

export function captureSection({ manifest }: Report): string {
  return arms(manifest, 'Captures', ({ captures }, folder) => {
    const rows = captures.map(({ file, packets, bytes, dropped }): Cell[] => [
      fileLink(folder + file),
      packets,
      bytes,
      dropped === 0 ? 0 : outcome(false, String(dropped)),
    ]);
    return rows.length === 0 ? '' : table(['File', 'Packets', 'Bytes', 'Dropped'], rows);
  });
}

export function timelineSection({ events, eventCount }: HtmlExtras, started: string): string {
  if (events.length === 0) return '';
  const start = Date.parse(started) * 1000;
  const rows = events.map((event): Cell[] => [
    formatMillis((event.time - start) / 1000),
    event.kind,
    ...eventCells(event),
  ]);
  const more =
    eventCount > events.length
      ? `<p class="faint">${countOf(eventCount, 'event')} in all; the first ${events.length} are shown, events.ndjson has the rest.</p>`
      : '';
  const body = table(['Time', 'Kind', 'Where', 'What'], rows) + more;
  return section(
    'Timeline',
    `<details><summary>${countOf(eventCount, 'event')}</summary>${body}</details>`,
  );
}

export function scenarioSection(sources: HtmlExtras['sources']): string {
  const parts = sources.map(
    ({ file, text }) =>
      `<details><summary>${escapeMarkup(file)}</summary><pre tabindex="0">${escapeMarkup(text)}</pre></details>`,
  );
  return parts.length === 0 ? '' : section('Scenario', parts.join(''));
}

export function provenanceSection({ manifest }: Report): string {
  const engine = manifest.engine ?? manifest.control?.engine;
  const facts: Record<string, string> = {
    Plan: manifest.planHash,
    Seed: String(manifest.seed),
    ...Object.fromEntries(
      Object.entries(manifest.params).map(([name, value]) => [
        `Parameter ${name}`,
        paramText(value),
      ]),
    ),
    Started: manifest.started,
    Ended: manifest.ended,
    Kernel: manifest.kernel,
    Privileges: manifest.privileges,
    ...(engine && { 'Container engine': describeEngine(engine) }),
    ...manifest.versions,
    ...Object.fromEntries(
      Object.entries(manifest.timings).map(([phase, millis]) => [
        `Time: ${phase}`,
        formatMillis(millis),
      ]),
    ),
  };
  const list = Object.entries(facts)
    .map(([name, value]) => `<dt>${escapeMarkup(name)}</dt><dd>${escapeMarkup(value)}</dd>`)
    .join('');
  return section(
    'Provenance',
    `<p>Run it again:</p><pre tabindex="0">${escapeMarkup(manifest.command)}</pre><dl>${list}</dl>`,
  );
}

const describeEngine = ({ kind, version, rootless, address }: EngineFacts): string =>
  `${kind} ${version}${rootless ? ', rootless' : ''}, ${address}`;

function eventCells(event: RunEvent): [Cell, Cell] {
  switch (event.kind) {
    case 'censor':
      return [
        event.node,
        `${event.rule}: ${event.action} ${event.source}:${event.sourcePort} → ${event.destination}:${event.destinationPort} ${event.detail}`,
      ];
    case 'statistics':
      return [event.on.join(', '), `${event.name}: ${describeStatistics(event)}`];
    case 'control':
      return ['', `${event.control}: ${event.censor} ${event.state}`];
    case 'relay':
      return [event.node, describeRelayEvent(event)];
    case 'proxy-statistics':
      return [event.on, `${event.name}: ${describeCounters(event.statistics)}`];
    case 'proxy-control': {
      const part = event.fault ?? event.rule;
      return [
        '',
        `${event.control}: ${part === undefined ? '' : `${part} of `}${event.proxy} ${event.state}`,
      ];
    }
    case 'mirror':
      return [event.node, describeMirrorNews(event.news)];
    case 'mirror-statistics':
      return [event.online, `${event.name}: ${describeMirror(event)}`];
    case 'tunnel-switch':
      return [event.node, `${event.tunnel} goes over ${event.to}`];
    case 'tunnel-statistics':
      return ['', describeTunnel(event)];
    case 'tunnel-control':
      return ['', `${event.control}: ${describeTunnelControl(event)}`];
    case 'loss':
      return [event.place, `${event.count} ${event.what}`];
    case 'log':
      return [`${event.node} ${event.role}`, event.line];
    case 'progress':
      return ['', event.text];
    case 'visit-left-out':
      return [
        event.visit.node,
        `${event.visit.flow} #${event.visit.visit} of ${event.visit.url}: ${event.visit.status}`,
      ];
    case 'container':
      return [
        event.node,
        event.exitCode === undefined ? event.what : `${event.what} with ${event.exitCode}`,
      ];
    case 'broken':
      return ['', event.fault.message];
    case 'phase':
      return [event.arm === 'control' ? 'control arm' : '', `${event.phase} ${event.state}`];
    case 'flow-begins':
      return [event.node, `${event.flow}, attempt ${event.attempt}`];
    case 'flow-ends':
      return [
        event.node,
        [
          `${event.flow}, attempt ${event.attempt}: ${event.failure ?? 'ok'}`,
          ...(event.detail === undefined ? [] : [event.detail]),
          ...(event.hops ?? []).map(describeHop),
          ...(event.parties ?? []).map(({ party, failure }) => `${party} ${failure ?? 'ok'}`),
        ].join('; '),
      ];
  }
}

export function proofList(proofs: readonly Proof[]): Markup {
  const items = proofs.map(
    (proof) => `<li><code>${escapeMarkup(place(proof))}</code> ${escapeMarkup(proof.note)}</li>`,
  );
  return { html: items.length === 0 ? '' : `<ul>${items.join('')}</ul>` };
}

const missList = ({ misses }: LinkMeasurement): Cell =>
  misses.length === 0 ? '' : outcome(false, misses.join('; '));

/** A section for the main arm, and one for the control arm when there is one. */
export function arms(
  manifest: Report['manifest'],
  title: string,
  body: (arm: ArmRecord, folder: string) => string,
): string {
  const main = body(manifest, '');
  const control = manifest.control ? body(manifest.control, 'control/') : '';
  return (
    (main === '' ? '' : section(title, main)) +
    (control === '' ? '' : section(`${title}: control arm`, control))
  );
}

export const section = (title: string, body: string): string =>
  `<section><h2>${escapeMarkup(title)}</h2>${body}</section>`;

export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const headings = head.map((text) => `<th scope="col">${escapeMarkup(text)}</th>`).join('');
  const body = rows.map((row) => `<tr>${row.map(tableCell).join('')}</tr>`).join('\n');
  return `<div class="table" tabindex="0"><table><thead><tr>${headings}</tr></thead><tbody>\n${body}\n</tbody></table></div>`;
}

function tableCell(cell: Cell): string {
  if (typeof cell === 'number') return `<td class="number">${cell}</td>`;
  return `<td>${typeof cell === 'string' ? escapeMarkup(cell) : cell.html}</td>`;
}

export const outcome = (good: boolean, text: string): Markup => ({
  html: `<span class="${good ? 'good' : 'bad'}">${escapeMarkup(text)}</span>`,
});

const optional = (value: number | null, format: (value: number) => string): string =>
  value === null ? '' : format(value);

const percent = (ratio: number): string => `${(ratio * 100).toFixed(ratio === 0 ? 0 : 2)}%`;

/** A file of the results folder. */
export const fileLink = (path: string): Markup => ({
  html: `<a href="${escapeMarkup(relativeLink(path))}">${escapeMarkup(path)}</a>`,
});

/** A path as a link: a name such as `javascript:x` must stay a file name. */
const relativeLink = (path: string): string =>
  `./${path.split('/').map(encodeURIComponent).join('/')}`;
