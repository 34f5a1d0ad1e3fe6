// QUIC probes: ngtcp2's client, started in the node, and what it says.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Observation } from '../../../model/observation.ts';
import type { QuicProbe } from '../../../model/probe.ts';
import type { Flow } from '../../../model/traffic.ts';
import { programArgv } from '../../../model/program.ts';
import { LONGEST_TIMER } from '../../../base/units.ts';
import { createLineSplitter } from '../../../traffic/lines.ts';
import { NO_FACTS, quicOutcome, readQuicLine } from '../../../traffic/quic-log.ts';
import type { QuicFacts } from '../../../traffic/quic-log.ts';
import { unknownFailure } from '../../../traffic/failure.ts';
import { nowMicros } from '../clock.ts';
import { openLog } from '../log-file.ts';
import { startProgram } from '../program.ts';
import type { Program } from '../program.ts';

export interface QuicAttempt {
  readonly flow: Flow;
  readonly probe: QuicProbe;
  readonly attempt: number;
  /** The client's file. */
  readonly file: string;
  readonly namespaceFd: number;
  /** The lab's directory. */
  readonly directory: string;
  /** Hears of the program, so that it can be stopped. */
  onStarted(program: Program): void;
}

/** Characters of a line that are looked at. */
const LINE_LIMIT = 4096;

/** Its whole output goes to the flow's log: it tells each packet and frame. */
export async function probeQuic(options: QuicAttempt): Promise<Observation> {
  const { flow, probe } = options;
  const log = openLog(join(options.directory, 'logs'), flow.from, flow.name);
  const lines = createLineSplitter(LINE_LIMIT);
  const timings: Record<string, number> = {};
  const begun = nowMicros();
  let facts: QuicFacts = NO_FACTS;
  let isOutOfTime = false;
  const mark = (name: string, happened: boolean): void => {
    if (happened) timings[name] ??= (nowMicros() - begun) / 1000;
  };
  const read = (line: string): void => {
    facts = readQuicLine(facts, line);
    mark('initial', facts.isAnswered);
    mark('quic_handshake', facts.isShaken);
    mark('first_byte', facts.status !== null);
    // The client would wait for something to ask: SIGINT makes it take its leave of the server.
    if (facts.isShaken && probe.get === null) program.stop('SIGINT');
  };
  const program = startProgram({
    namespaceFd: options.namespaceFd,
    argv: clientArgv(options),
    environment: {},
    onOutput: (_, bytes) => {
      for (const line of lines.push(Buffer.from(bytes).toString('latin1'))) read(line);
      return log.write(bytes) ? null : log.drained();
    },
  });
  options.onStarted(program);
  const timer = setTimeout(
    () => {
      isOutOfTime = true;
      program.stop('SIGINT');
    },
    Math.min(probe.timeout, LONGEST_TIMER),
  );
  const end = await program.ended;
  clearTimeout(timer);
  mark('done', true);
  await log.close();
  const outcome =
    end.kind === 'not-started'
      ? { failure: unknownFailure(end.reason), operation: 'quic_handshake', detail: end.reason }
      : quicOutcome(facts, probe.get !== null, isOutOfTime);
  return {
    ...{ flow: flow.name, attempt: options.attempt, node: flow.from, probe: 'quic' },
    ...{ start: begun, end: nowMicros(), timings, received: facts.received },
    ...(facts.fiveTuple ? { fiveTuple: facts.fiveTuple } : {}),
    ...(facts.status === null ? {} : { status: facts.status }),
    ...(Object.values(facts.paths).every((count) => count === 0) ? {} : { paths: facts.paths }),
    ...outcome,
  };
}

/**
 * gtlsclient(1) says the name that it looks up and nothing else (0.12 takes `--sni` and ignores it; to an address it says "localhost"), so it is
 * started where that name has the target's address.
 */
function clientArgv({ flow, probe, file, directory }: QuicAttempt): string[] {
  const { target, sni } = probe;
  if (sni === '') return [file, ...clientOptions(probe, target.address)];
  const hosts = join(directory, 'lab', `${flow.name}.quic.hosts`);
  writeFileSync(hosts, `${target.address} ${sni}\n`);
  return programArgv(hosts, '/dev/null', [file, ...clientOptions(probe, sni)]);
}

function clientOptions(probe: QuicProbe, server: string): string[] {
  const { target, sni, get, version, timeout, migrate } = probe;
  const host = sni === '' ? target.host : sni;
  const authority = host.includes(':') ? `[${host}]` : host;
  const limit = `${Math.ceil(timeout)}ms`;
  return [
    ...['--no-quic-dump', '--no-http-dump', '--exit-on-all-streams-close'],
    ...[
      `--version=0x${version.toString(16)}`,
      `--handshake-timeout=${limit}`,
      `--timeout=${limit}`,
    ],
    ...(migrate === undefined ? [] : [`--change-local-addr=${Math.ceil(migrate.after)}ms`]),
    ...[server, String(target.port)],
    ...(get === null ? [] : [`https://${authority}${get}`]),
  ];
}
