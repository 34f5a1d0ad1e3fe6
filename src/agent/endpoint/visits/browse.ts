// Visits of one flow by a browser.
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Observation } from '../../../model/observation.ts';
import { hostsFile, resolvFile } from '../../../model/program.ts';
import type { Flow } from '../../../model/traffic.ts';
import { type VisitSpec, visitLimit } from '../../../model/visit.ts';
import { unknownFailure } from '../../../traffic/failure.ts';
import { browserFailure } from '../../../traffic/visit-failure.ts';
import { visitOutcome } from '../../../traffic/visit-outcome.ts';
import type { VisitReport } from '../../visitor/protocol.ts';
import { nowMicros } from '../clock.ts';
import { openLog } from '../log-file.ts';
import { type BrowserFiles } from './find-visitor.ts';
import { type Visitor, startVisitor } from './visitor.ts';

/** What came of a visit, without what every observation has. */
export type Visited = Omit<Observation, 'flow' | 'attempt' | 'node' | 'probe'>;

export interface BrowsingFlow {
  readonly flow: Flow;
  readonly visit: VisitSpec;
  readonly files: BrowserFiles;
  /** A folder that says whom its browsers trust. */
  readonly home: string;
  readonly isOrdinary: boolean;
  readonly namespaceFd: number;
  /** The lab's directory. */
  readonly directory: string;
}

export interface Browsing {
  /** `folder` is where the visit's files go, relative to the lab's directory. */
  visit(url: string, folder: string): Promise<Visited>;
  /** Ends the visit that is under way. */
  stop(): Promise<void>;
}

export function createBrowsing(setup: BrowsingFlow): Browsing {
  const { flow, visit, files, directory } = setup;
  const log = openLog(join(directory, 'logs'), flow.from, flow.name);
  const profiles = join(directory, 'lab', 'profiles', flow.name);
  let current: Visitor | undefined;
  let isStopped = false;
  /** Asked anew each time: it may have been stopped meanwhile. */
  const hasStopped = (): boolean => isStopped;
  const visitor = async (): Promise<Visitor> => {
    if (current?.isSound === true) return current;
    await current?.end();
    await mkdir(profiles, { recursive: true });
    current = startVisitor({
      namespaceFd: setup.namespaceFd,
      hosts: hostsFile(directory, flow.from),
      resolv: resolvFile(directory, flow.from),
      profiles,
      playwright: files.playwright,
      isOrdinary: setup.isOrdinary,
      log,
    });
    return current;
  };
  return {
    visit: async (url, folder) => {
      const { timeout, settle, drain, quic, har } = visit;
      const path = join(directory, folder, 'page.har');
      if (har) await mkdir(dirname(path), { recursive: true });
      const begun = nowMicros();
      if (hasStopped()) return noReport(url, INTERRUPTED, begun);
      const report = await (
        await visitor()
      ).ask(
        {
          ...{ url, browser: files.browser, home: setup.home, timeout, settle, drain, quic },
          har: har && { ...har, path },
        },
        visitLimit(visit),
      );
      if (typeof report !== 'string') return readReport(url, report, visit);
      return noReport(url, hasStopped() ? INTERRUPTED : failedBy(report), begun);
    },
    stop: async () => {
      isStopped = true;
      await current?.end();
      await rm(profiles, { recursive: true, force: true });
      await log.close();
    },
  };
}

function readReport(url: string, report: VisitReport, visit: VisitSpec): Visited {
  const { begin, end, error, isOutOfTime, firstByte, finalUrl, httpStatus, bytes } = report;
  const fault = error === null ? null : { ...browserFailure(error), detail: error };
  const outcome = visitOutcome({ fault, isOutOfTime, httpStatus, bytes }, visit);
  return {
    ...{ start: begin, end, received: bytes ?? 0 },
    timings: {
      ...(firstByte === null ? {} : { first_byte: firstByte }),
      ...(error === null ? { done: (end - begin) / 1000 } : {}),
    },
    ...(httpStatus === null ? {} : { status: httpStatus }),
    ...outcome,
    visit: {
      ...{ url, with: 'chromium', finalUrl, bytes, protocol: report.protocol },
      status: statusOf(outcome.failure, isOutOfTime),
    },
  };
}

export const INTERRUPTED = { failure: 'interrupted', operation: 'read' } as const;

const failedBy = (reason: string): Pick<Visited, 'failure' | 'operation' | 'detail'> => ({
  failure: unknownFailure(reason),
  operation: 'read',
  detail: reason,
});

/** The browser, or what drives it, hung or crashed, or the run was stopped. */
const noReport = (
  url: string,
  outcome: Pick<Visited, 'failure' | 'operation' | 'detail'>,
  begun: number,
): Visited => ({
  ...{ start: begun, end: nowMicros(), received: 0, timings: {} },
  ...outcome,
  visit: {
    ...{ url, with: 'chromium', status: 'failure' },
    ...{ finalUrl: null, bytes: null, protocol: null },
  },
});

export const statusOf = (
  failure: string | null,
  isOutOfTime: boolean,
): 'success' | 'timeout' | 'failure' =>
  isOutOfTime ? 'timeout' : failure === null ? 'success' : 'failure';
