// One program of the experimenter: started in a node's network namespace, in a process group of its own.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { invariant } from '../../base/invariant.ts';
import { inNamespace } from '../../kernel/namespace.ts';
import type { ProgramEnd } from '../../traffic/program-outcome.ts';

export type OutputName = 'stdout' | 'stderr';

export interface ProgramOptions {
  readonly namespaceFd: number;
  /** The whole argument vector, launcher included. */
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Where it starts; absent: where the agent was started. */
  readonly directory?: string;
  /** Open files that are its standard input and output; absent: it reads nothing, and `onOutput` hears what it writes. */
  readonly standard?: { readonly input: number; readonly output: number };
  /** Whether it is told something meanwhile, by `say`. */
  readonly isSpokenTo?: boolean;
  /** Open files that the program finds as descriptors 3 and up. */
  readonly descriptors?: readonly number[];
  /** Hears standard output and standard error; a promise holds the program back until it resolves. */
  onOutput(stream: OutputName, bytes: Uint8Array): Promise<void> | null;
}

export interface Program {
  /** Undefined when it could not be started. */
  readonly pid?: number | undefined;
  /** Resolves when the program has ended, its output was read and nothing of its process group is left. */
  readonly ended: Promise<ProgramEnd>;
  /** Writes to its standard input; nothing, where that is no pipe or nobody reads it any more. */
  say(text: string): void;
  /** `signal`, SIGTERM unless given, to the process group, and SIGKILL to what is left of it a second later. */
  stop(signal?: NodeJS.Signals): void;
}

/** Milliseconds between SIGTERM and SIGKILL. */
const GRACE = 1000;
/** Milliseconds that output may still come after the end: a daemon that was left behind may hold the pipes. */
const DRAIN_LIMIT = 500;

export function startProgram(options: ProgramOptions): Program {
  const { directory, standard } = options;
  const [file = '', ...parameters] = options.argv;
  const child = inNamespace(options.namespaceFd, () =>
    spawn(file, parameters, {
      env: { ...process.env, ...options.environment },
      stdio: [
        standard?.input ?? (options.isSpokenTo === true ? 'pipe' : 'ignore'),
        standard?.output ?? 'pipe',
        'pipe',
        ...(options.descriptors ?? []),
      ],
      detached: true,
      ...(directory !== undefined && { cwd: directory }),
    }),
  );
  invariant(child.stderr, 'Standard error is a pipe');
  const { stdin, stdout, stderr } = child;
  stdin?.on('error', () => undefined);
  const outputs = [
    ...(stdout === null ? [] : [readOutput(stdout, (bytes) => options.onOutput('stdout', bytes))]),
    readOutput(stderr, (bytes) => options.onOutput('stderr', bytes)),
  ];
  let killer: NodeJS.Timeout | undefined;
  let isOver = false;
  const exit = exitOf(child).then((end) => {
    isOver = true;
    clearTimeout(killer);
    // What the program has left behind in its group is part of it.
    signalGroup(child, 'SIGKILL');
    return end;
  });
  return {
    ended: exit.then(async (end) => {
      await Promise.all(outputs.map((output) => output.finish()));
      return end;
    }),
    pid: child.pid,
    say: (text) => void stdin?.write(text),
    stop: (signal = 'SIGTERM') => {
      // The number of a group that is gone may be another's by now.
      if (isOver) return;
      signalGroup(child, signal);
      killer ??= setTimeout(() => signalGroup(child, 'SIGKILL'), GRACE);
    },
  };
}

function exitOf(child: ChildProcess): Promise<ProgramEnd> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ kind: 'not-started', reason: error.message }));
    child.once('exit', (code, signal) => {
      if (signal === null) resolve({ kind: 'exited', code: code ?? 0 });
      else resolve({ kind: 'signalled', signal, code: 128 + constants.signals[signal] });
    });
  });
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    // Nobody is left in the group.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

function readOutput(
  stream: NodeJS.ReadableStream & { destroy(): void },
  onBytes: (bytes: Uint8Array) => Promise<void> | null,
): { finish(): Promise<void> } {
  const ended = new Promise<void>((resolve) => {
    stream.once('close', resolve);
  });
  stream.on('error', () => undefined);
  stream.on('data', (bytes: Buffer) => {
    const full = onBytes(bytes);
    if (!full) return;
    stream.pause();
    void full.then(() => stream.resume());
  });
  return {
    finish: async () => {
      const timer = setTimeout(() => stream.destroy(), DRAIN_LIMIT);
      await ended;
      clearTimeout(timer);
    },
  };
}
