// A program elsewhere with our own terminal, or with our own streams where there is none.
import type { Readable, Writable } from 'node:stream';
import { watchInterrupts } from './watch-interrupts.ts';

/** A program in a container or on another machine. */
export interface Attachable {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  resize(columns: number, rows: number): void | Promise<void>;
  /** Its exit code, when all it wrote was read. */
  readonly ended: Promise<number>;
  /** Ends it, and settles when that is done or cannot be. */
  end(): void | Promise<void>;
}

export interface AttachOptions {
  /** Whether it has a terminal, whose keys are ours. */
  readonly tty: boolean;
  /** False: it is given no input, and ours stays for others. */
  readonly input?: boolean;
}

/** Whether a person sits at both our standard input and our standard output. */
export const atTerminal = (): boolean => process.stdin.isTTY && process.stdout.isTTY;

/** Gives the program's exit code; 128 + n when signal n ended our waiting for it, and with that the program. */
export async function attach(
  program: Attachable,
  { tty, input = true }: AttachOptions,
): Promise<number> {
  const interrupted = watchInterrupts();
  const giveBack = tty ? useTerminal(program) : () => undefined;
  const part = joinStreams(program, input);
  try {
    const ended = program.ended.then((code) => ({ code, isInterrupted: false as const }));
    const { code, isInterrupted } = await Promise.race([ended, interrupted.outcome]);
    if (isInterrupted) await program.end();
    return code;
  } finally {
    part();
    giveBack();
    interrupted.release();
  }
}

/** Every key goes to the program, Ctrl-C included, and the program knows how large the terminal is. */
function useTerminal(program: Attachable): () => void {
  const { stdin, stdout } = process;
  const resize = async (): Promise<void> => program.resize(stdout.columns, stdout.rows);
  // A program that ended meanwhile has no size any more.
  const follow = (): void => void resize().catch(() => undefined);
  stdin.setRawMode(true);
  stdout.on('resize', follow);
  follow();
  return () => {
    stdout.off('resize', follow);
    stdin.setRawMode(false);
  };
}

function joinStreams({ stdin, stdout, stderr }: Attachable, input: boolean): () => void {
  // What runner itself writes to is not closed when the program's side is.
  stdout.pipe(process.stdout, { end: false });
  stderr.pipe(process.stderr, { end: false });
  stdin.on('error', () => undefined);
  if (!input) {
    stdin.end();
    return () => undefined;
  }
  process.stdin.pipe(stdin);
  return () => {
    process.stdin.unpipe(stdin);
    stdin.destroy();
    process.stdin.pause();
  };
}
