// One program of the experimenter in a container: run by the engine, supervised by what the lab lends the container.
import type { Readable } from 'node:stream';
import type { Engine, Execution } from '../../engine/engine.ts';
import type { ProgramEnd } from '../../traffic/program-outcome.ts';
import type { Program, ProgramOptions } from '../endpoint/program.ts';
import { superviseArgv } from './launch-argv.ts';
import { signalOf } from './live-container.ts';

export type ContainerProgramOptions = Pick<ProgramOptions, 'argv' | 'environment' | 'onOutput'>;

/** Milliseconds from the wish to stop until an engine that tells of no end is waited for no more: SIGKILL comes after 1000. */
const STOP_LIMIT = 5000;

export function startContainerProgram(
  engine: Engine,
  id: string,
  { argv, environment, onOutput }: ContainerProgramOptions,
): Program {
  let wish: () => void = () => undefined;
  const stopWished = new Promise<void>((resolve) => {
    wish = resolve;
  });
  const run = async (): Promise<ProgramEnd> => {
    const execution = await engine.execute(id, {
      argv: superviseArgv(argv),
      environment,
      tty: false,
    });
    void stopWished.then(() => execution.stdin.end());
    hear(execution, onOutput);
    return endOf(await execution.ended);
  };
  const late = stopWished.then(
    () =>
      new Promise<ProgramEnd>((resolve) => {
        const reason = `the engine told of no end within ${STOP_LIMIT} ms`;
        setTimeout(() => resolve({ kind: 'not-started', reason }), STOP_LIMIT).unref();
      }),
  );
  const ended = run().catch((error: unknown): ProgramEnd => ({
    kind: 'not-started',
    reason: `${JSON.stringify(argv[0])}: ${error instanceof Error ? error.message : String(error)}`,
  }));
  return { ended: Promise.race([ended, late]), say: () => undefined, stop: () => wish() };
}

function hear({ stdout, stderr }: Execution, onOutput: ProgramOptions['onOutput']): void {
  const listen = (stream: Readable, name: 'stdout' | 'stderr'): void => {
    stream.on('error', () => undefined);
    stream.on('data', (bytes: Buffer) => {
      const full = onOutput(name, bytes);
      if (!full) return;
      stream.pause();
      void full.then(() => stream.resume());
    });
  };
  listen(stdout, 'stdout');
  listen(stderr, 'stderr');
}

/** The engine knows exit codes alone. */
function endOf(code: number): ProgramEnd {
  const signal = signalOf(code);
  return signal === undefined ? { kind: 'exited', code } : { kind: 'signalled', signal, code };
}
