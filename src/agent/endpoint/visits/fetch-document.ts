// Visits by curl(1): the document, and nothing else.
import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { hostsFile, programArgv, resolvFile } from '../../../model/program.ts';
import type { Flow } from '../../../model/traffic.ts';
import { type VisitSpec, visitLimit } from '../../../model/visit.ts';
import { type CurlReport, readCurlReport } from '../../../traffic/curl-report.ts';
import { unknownFailure } from '../../../traffic/failure.ts';
import { describeEnd } from '../../../traffic/program-outcome.ts';
import { curlFailure } from '../../../traffic/visit-failure.ts';
import { visitOutcome } from '../../../traffic/visit-outcome.ts';
import { nowMicros } from '../clock.ts';
import type { LogFile } from '../log-file.ts';
import { type Program, startProgram } from '../program.ts';
import { INTERRUPTED, type Visited, statusOf } from './browse.ts';

export interface DocumentOrder {
  readonly flow: Flow;
  readonly visit: VisitSpec;
  readonly url: string;
  readonly curl: string;
  /** The lab's certificate authority, a PEM file. */
  readonly authorityFile: string;
  readonly namespaceFd: number;
  /** The lab's directory. */
  readonly directory: string;
  readonly log: LogFile;
  /** Whether the run was stopped meanwhile. */
  isStopped(): boolean;
  /** Hears of the program, so that it can be stopped. */
  onStarted(program: Program): void;
}

/** Characters of what curl says that are kept: its report comes last. */
const KEPT = 1 << 18;
const TIMED_OUT = 28;
/** Where OpenSSL's programs look for the authorities of the world outside. */
const AUTHORITIES = '/etc/ssl/certs';

export async function fetchDocument(order: DocumentOrder): Promise<Visited> {
  const { visit, url, log } = order;
  let bytes = 0;
  let told = '';
  await delay(visit.settle);
  const start = nowMicros();
  if (order.isStopped()) return notMade(url, start);
  const program = startProgram({
    namespaceFd: order.namespaceFd,
    argv: programArgv(
      hostsFile(order.directory, order.flow.from),
      resolvFile(order.directory, order.flow.from),
      curlArgv(order),
    ),
    environment: {},
    onOutput: (stream, part) => {
      if (stream === 'stdout') {
        bytes += part.length;
        return null;
      }
      told = (told + Buffer.from(part).toString('latin1')).slice(-KEPT);
      return log.write(part) ? null : log.drained();
    },
  });
  order.onStarted(program);
  // It keeps its own time: this is for one that hangs.
  const timer = setTimeout(() => program.stop('SIGKILL'), visitLimit(visit));
  const ending = await program.ended;
  clearTimeout(timer);
  const end = nowMicros();
  await delay(visit.drain);
  const report = readCurlReport(told);
  const code = report?.exitCode ?? -1;
  const isOutOfTime = code === TIMED_OUT;
  const message = report === null ? `curl: ${describeEnd(ending)}` : report.message;
  const fault =
    report === null
      ? { failure: unknownFailure(message), operation: 'read' as const, detail: message }
      : code === 0
        ? null
        : { ...curlFailure(code, message), detail: message };
  const httpStatus = report?.httpStatus ?? null;
  const length = httpStatus === null ? null : bytes;
  const outcome = order.isStopped()
    ? INTERRUPTED
    : visitOutcome({ fault, isOutOfTime, httpStatus, bytes: length }, visit);
  return {
    ...{ start, end, received: bytes, timings: timingsOf(report) },
    ...(report?.fiveTuple ? { fiveTuple: report.fiveTuple } : {}),
    ...(httpStatus === null ? {} : { status: httpStatus }),
    ...outcome,
    visit: {
      ...{ url, with: 'curl', status: statusOf(outcome.failure, isOutOfTime) },
      ...{ finalUrl: report?.finalUrl ?? null, bytes: length, protocol: report?.protocol ?? null },
    },
  };
}

/** The run was stopped while the network settled. */
const notMade = (url: string, start: number): Visited => ({
  ...{ start, end: start, received: 0, timings: {} },
  ...INTERRUPTED,
  visit: {
    ...{ url, with: 'curl', status: 'failure' },
    ...{ finalUrl: null, bytes: null, protocol: null },
  },
});

/** What was not loaded has no time at which it was. */
function timingsOf(report: CurlReport | null): Visited['timings'] {
  if (report === null) return {};
  const { done, ...others } = report.timings;
  return report.exitCode === 0 && done !== undefined ? { ...others, done } : others;
}

/** Its own settings alone, whatever the person has in ~/.curlrc and the environment. */
const curlArgv = ({ curl, url, visit, authorityFile }: DocumentOrder): string[] => [
  ...[curl, '--disable', '--noproxy', '*', '--proto', '=http,https', '--globoff'],
  ...['--location', '--max-redirs', '20', '--compressed'],
  ...['--max-time', String(visit.timeout / 1000), '--cacert', authorityFile],
  ...(existsSync(AUTHORITIES) ? ['--capath', AUTHORITIES] : []),
  ...['--silent', '--show-error', '--verbose', '--output', '-'],
  ...['--write-out', '%{stderr}\\n%{json}\\n', '--', url],
];
