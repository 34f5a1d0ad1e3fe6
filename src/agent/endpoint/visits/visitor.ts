// The process that drives a node's browsers. One serves many visits, and each has a browser and a profile of its own.
import { fileURLToPath } from 'node:url';
import { programArgv } from '../../../model/program.ts';
import { createLineSplitter } from '../../../traffic/lines.ts';
import { describeEnd } from '../../../traffic/program-outcome.ts';
import { within } from '../../container/bounded.ts';
import type { VisitOrder, VisitReport } from '../../visitor/protocol.ts';
import type { LogFile } from '../log-file.ts';
import { startProgram } from '../program.ts';

export interface VisitorSetup {
  readonly namespaceFd: number;
  /** The node's, which its programs see in place of the machine's. */
  readonly hosts: string;
  readonly resolv: string;
  /** Where the profiles are: a folder that is empty, and covered by one in memory that goes with the process. */
  readonly profiles: string;
  readonly playwright: string;
  /** Whether it runs as another user than root, with whom Chromium has its sandbox. */
  readonly isOrdinary: boolean;
  readonly log: LogFile;
}

export interface Visitor {
  /** Whether it can be asked again. */
  readonly isSound: boolean;
  /** The report of a visit, or in a sentence why there is none; then the process is gone. */
  ask(order: VisitOrder, limit: number): Promise<VisitReport | string>;
  /** Kills it and all that it has started; resolves when that is gone. */
  end(): Promise<void>;
}

/** Visits after which a process makes way for a new one: what its browsers leave behind goes with it. */
const MOST_VISITS = 100;
/** Characters of a report. */
const LINE_LIMIT = 1 << 20;

/** $1 is covered by a folder in memory. All of a scenario comes as a positional argument, as in model/program.ts. */
const LAUNCHER = 'mount -t tmpfs -o mode=0700 tmpfs "$1" || exit 126; shift; exec "$@"';

/** Built: it runs without this program's sources. */
const script = (): string =>
  fileURLToPath(
    new URL(
      import.meta.url.endsWith('.ts') ? '../../../../dist/agent-visitor.js' : './agent-visitor.js',
      import.meta.url,
    ),
  );

/** unshare(1); the numbers are of no meaning but that they are not root's. */
export const AS_ANOTHER: readonly string[] = [
  'unshare',
  '--user',
  '--map-user=1000',
  '--map-group=1000',
  '--',
];

export function startVisitor(setup: VisitorSetup): Visitor {
  const lines = createLineSplitter(LINE_LIMIT);
  let answer: ((report: VisitReport) => void) | undefined;
  let isSound = true;
  let visits = 0;
  const program = startProgram({
    namespaceFd: setup.namespaceFd,
    argv: visitorArgv(setup),
    environment: {
      TMPDIR: setup.profiles,
      // Nothing of the machine's session is a visit's business.
      DBUS_SESSION_BUS_ADDRESS: 'disabled:',
    },
    isSpokenTo: true,
    onOutput: (stream, bytes) => {
      if (stream === 'stderr') return setup.log.write(bytes) ? null : setup.log.drained();
      for (const line of lines.push(Buffer.from(bytes).toString('utf8')))
        answer?.(JSON.parse(line) as VisitReport);
      return null;
    },
  });
  const gone = program.ended.then((end) => {
    isSound = false;
    return `the process of the browser ended: ${describeEnd(end)}`;
  });
  const end = async (): Promise<void> => {
    isSound = false;
    program.stop('SIGKILL');
    await gone;
  };
  return {
    get isSound() {
      return isSound && visits < MOST_VISITS;
    },
    ask: async (order, limit) => {
      visits += 1;
      const report = new Promise<VisitReport>((resolve) => {
        answer = resolve;
      });
      program.say(`${JSON.stringify(order)}\n`);
      const told = await within<VisitReport | string>(
        Promise.race([report, gone]),
        limit,
        () => `the browser hung for ${limit} ms`,
      );
      if (typeof told === 'string' || !told.isClosed) await end();
      return told;
    },
    end,
  };
}

/** In a process namespace of its own, so that nothing outlives it: browsers leave their group. */
const visitorArgv = ({ hosts, resolv, profiles, playwright, isOrdinary }: VisitorSetup): string[] =>
  programArgv(hosts, resolv, [
    ...['unshare', '--pid', '--fork', '--kill-child', '--', 'sh', '-c', LAUNCHER, 'runner'],
    ...[profiles, ...(isOrdinary ? AS_ANOTHER : [])],
    ...[process.execPath, script(), playwright],
  ]);
