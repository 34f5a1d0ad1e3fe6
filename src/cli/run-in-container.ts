// A program in a container with our own terminal, or with our own streams where there is none.
import { type Execution, executeInContainer } from '../lab/execute.ts';
import { constants } from 'node:os';

export interface ContainerProgram {
  /** The address of the lab's engine. */
  readonly engine: string;
  /** The engine's id of the container. */
  readonly container: string;
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** Gives the program's exit code; 128 + n when signal n ended our waiting for it, and with that the program. */
export async function runInContainer(program: ContainerProgram): Promise<number> {
  const { stdin, stdout } = process;
  const tty = stdin.isTTY && stdout.isTTY;
  const { engine, container, argv, environment } = program;
  const terminal = process.env['TERM'];
  const execution = await executeInContainer(engine, container, {
    argv,
    environment: { ...(tty && terminal !== undefined && { TERM: terminal }), ...environment },
    tty,
  });
  const interrupted = watchInterrupts();
  const giveBack = tty ? useTerminal(execution) : () => undefined;
  const part = joinStreams(execution);
  try {
    const ended = execution.ended.then((code) => ({ code, isInterrupted: false }));
    const { code, isInterrupted } = await Promise.race([ended, interrupted.outcome]);
    if (isInterrupted) await execution.end();
    return code;
  } finally {
    part();
    giveBack();
    interrupted.release();
  }
}

/** Every key goes to the program, Ctrl-C included, and the program knows how large the terminal is. */
function useTerminal(execution: Execution): () => void {
  const { stdin, stdout } = process;
  const resize = (): void => {
    // A program that ended meanwhile has no size any more.
    execution.resize(stdout.columns, stdout.rows).catch(() => undefined);
  };
  stdin.setRawMode(true);
  stdout.on('resize', resize);
  resize();
  return () => {
    stdout.off('resize', resize);
    stdin.setRawMode(false);
  };
}

function joinStreams({ stdin, stdout, stderr }: Execution): () => void {
  // What runner itself writes to is not closed when the program's side is.
  stdout.pipe(process.stdout, { end: false });
  stderr.pipe(process.stderr, { end: false });
  stdin.on('error', () => undefined);
  process.stdin.pipe(stdin);
  return () => {
    process.stdin.unpipe(stdin);
    stdin.destroy();
    process.stdin.pause();
  };
}

interface Outcome {
  readonly code: number;
  readonly isInterrupted: boolean;
}

/**
 * Signals that a terminal in raw mode does not turn into keys, caught so that the terminal is given back first; and a reader of
 * our output that went away, which a program of this machine would learn by SIGPIPE.
 */
function watchInterrupts(): { readonly outcome: Promise<Outcome>; readonly release: () => void } {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;
  let end: (outcome: Outcome) => void = () => undefined;
  const outcome = new Promise<Outcome>((resolve) => (end = resolve));
  const listener = (signal: NodeJS.Signals): void =>
    end({ code: 128 + constants.signals[signal], isInterrupted: true });
  const lost = (): void => listener('SIGPIPE');
  for (const signal of signals) process.on(signal, listener);
  process.stdout.on('error', lost);
  return {
    outcome,
    release: () => {
      for (const signal of signals) process.off(signal, listener);
      process.stdout.off('error', lost);
    },
  };
}
