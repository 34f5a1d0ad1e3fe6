// Pipes to a program, of which this thread waits for nothing: it reads what is there and writes what there is room for.
import { loadNative } from './native.ts';
import { closeDescriptor } from './process.ts';

interface PipeCalls {
  openPipe(bytes: number): [read: number, write: number];
  makeNonBlocking(fd: number): void;
  readPipe(fd: number, bytes: Uint8Array, start: number): number;
  writePipe(fd: number, bytes: Uint8Array, start: number): number;
}

const native = loadNative() as PipeCalls;

/** What a call on a pipe gives in place of a number of bytes: nothing for now; the other end is closed. */
export const PIPE = { busy: -1, closed: -2 } as const;

/** As much as an ordinary user's pipe may hold: pipe(7), /proc/sys/fs/pipe-max-size. */
const CAPACITY = 2 ** 20;

/** The four ends of the two pipes to one program. */
export interface PipePair {
  /** Ours: they do not wait. */
  readonly input: number;
  readonly output: number;
  /** The program's standard input and standard output. */
  readonly far: { readonly input: number; readonly output: number };
}

export function openPipePair(): PipePair {
  const [farInput, output] = native.openPipe(CAPACITY);
  const [input, farOutput] = native.openPipe(CAPACITY);
  native.makeNonBlocking(input);
  native.makeNonBlocking(output);
  return { input, output, far: { input: farInput, output: farOutput } };
}

/** A pipe between two threads of this process, neither of which waits. */
export function openControlPipe(): [read: number, write: number] {
  const [read, write] = native.openPipe(65_536);
  native.makeNonBlocking(read);
  native.makeNonBlocking(write);
  return [read, write];
}

/** The program has its ends: without ours of them it hears when we close, and we hear when it does. */
export function closeFarEnds({ far }: PipePair): void {
  closeDescriptor(far.input);
  closeDescriptor(far.output);
}

/** Fills `bytes` from `start` on; how many came, or a word of `PIPE`. */
export const readPipe = (fd: number, bytes: Uint8Array, start: number): number =>
  native.readPipe(fd, bytes, start);

/** Sends `bytes` from `start` on; how many went, or a word of `PIPE`. */
export const writePipe = (fd: number, bytes: Uint8Array, start: number): number =>
  native.writePipe(fd, bytes, start);
