import type { CarriedVisit } from '../../analysis/traces/carried-check.ts';
import { checkClosedWorld } from '../../analysis/traces/check/closed-world.ts';
import { extractTraces } from '../../analysis/traces/extract-traces.ts';
import { joinRuns } from '../../analysis/traces/join-runs.ts';
import { splitTrace } from '../../analysis/traces/split-trace.ts';
import { EXIT, Fault } from '../../base/fault.ts';
import { seededRandom } from '../../base/random.ts';
import { type Trace, totalsOf } from '../../model/trace.ts';
import { packetRows } from '../../report/traces/csv.ts';
import { renderChecks, renderTraces } from '../../report/traces/tables.ts';
import { TRACE_FORMATS, type TraceFormat, traceFiles } from '../../report/traces/trace-files.ts';
import { readSeed } from '../compile-file.ts';
import { readText } from '../read-text.ts';
import { shownPath } from '../shown-path.ts';
import { drained, paintFor, print, printJson, tell } from '../terminal.ts';
import { type TracedRun, pcapFiles } from '../traces/pcap-files.ts';
import { captureName, readRun } from '../traces/read-run.ts';
import { type Split, parseSplit } from '../traces/split-option.ts';
import { refuseFilledFolder, writeFolder } from '../traces/write-folder.ts';
import type { Input } from '../verb.ts';

/** The packets of each visit of one or several runs, as somebody on the path sees them. */
export async function run(input: Input): Promise<number> {
  const format = formatOf(input);
  const folder = input.text('write');
  refuseContradictions(input, format, folder);
  const text = input.text('split');
  const split = text === undefined ? null : parseSplit(text, input.origin('split'), readText);
  const seed = readSeed(input) ?? 1;
  const notes: string[] = [];
  const runs = input.words.map((word) => tracesOf(word, input, notes));
  const recorded = joinRuns(runs.map((run) => run.traces));
  if (recorded.length === 0)
    throw new Fault('usage', 'No packet of any visit is in the captures', {
      help: notes.join('; '),
    });
  const traces = [...recorded, ...splitAll(recorded, split, seed)];
  const { checks, notes: unchecked } = input.has('check')
    ? checkClosedWorld(traces, seed)
    : { checks: [], notes: [] };
  notes.push(...unchecked, ...checks.flatMap((check) => check.notes));
  if (folder !== undefined) {
    const files =
      format === PCAP
        ? pcapFiles(runs, recorded, (visit) => notes.push(describeDifference(visit)))
        : traceFiles(traces, format ?? 'cells');
    const count = writeFolder(folder, files);
    tell(`${count} files in ${shownPath(folder)}`);
  }
  for (const note of notes) tell(`warning: ${note}`);
  if (input.has('json')) printJson({ traces: traces.map(summaryOf), checks, notes });
  else if (folder === undefined && format === 'csv') await printRows(traces);
  else print(tables(traces, checks));
  return EXIT.ok;
}

function tracesOf(folder: string, input: Input, notes: string[]): TracedRun {
  const arm = input.has('control') ? 'control' : 'main';
  const run = readRun(folder, { arm, captures: input.list('capture') });
  const { plan, visits, tuples } = run;
  notes.push(...run.notes);
  // One after the other: a capture may be as large as memory.
  const traces = run.captures.flatMap((capture) => {
    const watched = run.read(capture);
    if (watched === null) {
      notes.push(`${captureName(capture)}: the run ended before the capture began`);
      return [];
    }
    const extracted = extractTraces({ plan, captures: [watched], visits, tuples });
    notes.push(...extracted.notes);
    return extracted.traces;
  });
  return { run, traces };
}

const describeDifference = ({ site, visit, traced, carried }: CarriedVisit): string =>
  `visit ${visit} of ${site}: its traces have ${traced} bytes over the tunnels, which carried ${carried} meanwhile`;

function splitAll(traces: readonly Trace[], split: Split | null, seed: number): Trace[] {
  if (split === null) return [];
  const random = seededRandom(seed, 'split');
  return traces.flatMap((trace) => splitTrace(trace, split.policy, split.paths, random));
}

async function printRows(traces: readonly Trace[]): Promise<void> {
  for (const rows of packetRows(traces)) {
    print(rows);
    await drained();
  }
}

function tables(
  traces: readonly Trace[],
  checks: ReturnType<typeof checkClosedWorld>['checks'],
): string {
  const paint = paintFor(process.stdout);
  const shown = renderTraces(traces, paint);
  return checks.length === 0 ? shown : `${shown}\n${renderChecks(checks, paint)}`;
}

const summaryOf = (trace: Trace): object => ({
  path: trace.path,
  site: trace.site,
  visit: trace.visit,
  failure: trace.failure,
  start: trace.start,
  ...totalsOf(trace),
});

/** Not of traces but of what they were read from. */
const PCAP = 'pcap';
type Format = TraceFormat | typeof PCAP;
const FORMATS: readonly Format[] = [...TRACE_FORMATS, PCAP];

function formatOf(input: Input): Format | undefined {
  const text = input.text('format');
  const format = FORMATS.find((known) => known === text);
  if (text === undefined || format !== undefined) return format;
  throw new Fault(
    'usage',
    `Expected a format in ${input.origin('format')}, found ${JSON.stringify(text)}`,
    { help: `One of ${FORMATS.join(', ')}` },
  );
}

function refuseContradictions(
  input: Input,
  format: Format | undefined,
  folder: string | undefined,
): void {
  if (format === PCAP && input.has('split'))
    throw new Fault('usage', 'A split has no packets that could be written as "pcap"', {
      help: 'Leave --split out, or write its traces in another format',
    });
  if (folder !== undefined) {
    refuseFilledFolder(folder);
    return;
  }
  if (format === undefined) return;
  if (format !== 'csv')
    throw new Fault('usage', `Traces as "${format}" are several files`, {
      help: `Name a folder for them: --format ${format} --write traces`,
    });
  for (const option of ['json', 'check'])
    if (input.has(option))
      throw new Fault('usage', `Packets as CSV and --${option} cannot both go to standard output`, {
        help: 'Name a folder for the packets: --format csv --write traces',
      });
}
