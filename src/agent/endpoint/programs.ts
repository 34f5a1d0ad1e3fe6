// The programs of a lab: `run` flows, and those in the background that live until traffic stops.
import { LONGEST_TIMER } from '../../base/units.ts';
import { join } from 'node:path';
import type { Observation } from '../../model/observation.ts';
import { hostsFile, programArgv, resolvFile } from '../../model/program.ts';
import type { Flow, ProbeSpec } from '../../model/traffic.ts';
import { describeEnd, programOutcome } from '../../traffic/program-outcome.ts';
import type { ProgramEnd, StopReason } from '../../traffic/program-outcome.ts';
import type { AgentContext } from '../context.ts';
import { createSecrets } from '../container/secrets.ts';
import { nowMicros } from './clock.ts';
import { maskOutput } from './masked-output.ts';
import { startProgram } from './program.ts';
import type { Program } from './program.ts';
import { openProgramOutput } from './program-output.ts';

type RunProbe = Extract<ProbeSpec, { kind: 'run' }>;

export interface Programs {
  /** Runs a program to its end, or to its timeout; in the background, only starts it. */
  run(flow: Flow, probe: RunProbe, attempt: number): Promise<Observation>;
  /** Ends every program that still runs, and its process group. */
  stop(): Promise<void>;
}

interface Running {
  readonly end: Promise<Ending>;
  stop(reason: StopReason): void;
}

interface Ending {
  readonly end: ProgramEnd;
  readonly stopped: StopReason | null;
  readonly lastLine: string;
}

/** `environment` holds defaults that the scenario's own variables take precedence over. */
export function createPrograms(
  context: AgentContext,
  environment: Readonly<Record<string, string>>,
): Programs {
  const running = new Set<Running>();
  const secrets = context.secrets ?? createSecrets({});

  const start = (flow: Flow, probe: RunProbe): Running => {
    const own = secrets.fill(probe.environment);
    const output = openProgramOutput(join(context.directory, 'logs'), flow, (event) =>
      context.emit(event),
    );
    const masked = maskOutput(output, secrets);
    const program: Program = context.containers?.has(flow.from)
      ? context.containers.run(flow.from, {
          argv: probe.argv,
          environment: own,
          onOutput: masked.write,
        })
      : startProgram({
          namespaceFd: context.namespaceFd(flow.from),
          argv: programArgv(
            hostsFile(context.directory, flow.from),
            resolvFile(context.directory, flow.from),
            probe.argv,
          ),
          environment: { ...environment, ...own },
          onOutput: masked.write,
        });
    let stopped: StopReason | null = null;
    const entry: Running = {
      end: program.ended.then(async (end) => {
        running.delete(entry);
        const lastLine = await masked.close();
        return { end, stopped, lastLine };
      }),
      stop: (reason) => {
        stopped ??= reason;
        program.stop();
      },
    };
    running.add(entry);
    return entry;
  };
  /** A program in the background that ends by itself may leave a scenario without its server. */
  const reportEnd = async (flow: Flow, program: Running): Promise<void> => {
    const { end, stopped } = await program.end;
    if (stopped !== null) return;
    const line = `(the program ended before it was stopped: ${describeEnd(end)})`;
    context.emit({ kind: 'log', time: nowMicros(), node: flow.from, role: flow.name, line });
  };
  return {
    run: async (flow, probe, attempt) => {
      const begun = nowMicros();
      const program = start(flow, probe);
      if (probe.background) void reportEnd(flow, program);
      const outcome = probe.background
        ? { failure: null, operation: null }
        : await endWithin(program, probe.timeout);
      return {
        flow: flow.name,
        attempt,
        node: flow.from,
        probe: 'run',
        start: begun,
        end: nowMicros(),
        timings: {},
        received: 0,
        ...outcome,
      };
    },
    stop: async () => {
      for (const program of running) program.stop('stopped');
      await Promise.all([...running].map((program) => program.end));
    },
  };
}

async function endWithin(
  program: Running,
  timeout: number,
): Promise<ReturnType<typeof programOutcome>> {
  const timer = setTimeout(() => program.stop('timeout'), Math.min(timeout, LONGEST_TIMER));
  const { end, stopped, lastLine } = await program.end;
  clearTimeout(timer);
  return programOutcome(end, stopped, lastLine);
}
