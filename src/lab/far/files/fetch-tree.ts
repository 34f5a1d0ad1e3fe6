// A folder of another machine, brought here: files and folders, and nothing of it outside the folder that it is put in.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Fault } from '../../../base/fault.ts';
import { pathWithin, unpack } from '../../../engine/unpack-tree.ts';
import type { SshChannel } from '../../../ssh/ssh.ts';
import type { FarMachine } from '../far-machine.ts';
import { readChannel } from './read-channel.ts';
import { type Passage, type Patience, untilDone } from './until-done.ts';
import { writeFault } from './write-fault.ts';

export interface FetchTreeOptions extends Omit<Patience, 'mostLost'> {
  /** Names in the folder, without which all of it is meant; what is not there is left out. */
  readonly only?: readonly string[];
  /** Hears of each entry that is not brought, and why: links, devices, names that lead elsewhere. */
  readonly onSkipped?: (line: string) => void;
}

/** An archive cannot go on where it was: it comes again, so often at most. */
const MAX_LOST = 3;
/** Exit code of the script when the folder is not there. */
const NO_FOLDER = 66;
/** Bytes of zeros at the end of every archive (pax(1), ustar Interchange Format). */
const TRAILER = 1024;

/**
 * $1 is the folder; those of the other arguments that are there go into the archive. tar(1) may refuse to make an empty one,
 * which is nothing but its end.
 */
const PACK = [
  `cd -- "$1" || exit ${NO_FOLDER}`,
  'shift',
  'for name do shift; [ . = "$name" ] || name=./$name',
  'if [ -e "$name" ]; then set -- "$@" "$name"; fi; done',
  `[ $# -gt 0 ] || exec dd if=/dev/zero bs=${TRAILER} count=1`,
  'exec tar -cf - "$@"',
].join('\n');

/** GNU tar's "some files differ": one was written to while it was read. */
const CHANGED = 1;

/**
 * Gives the paths of the files written, absolute; both folders are absolute too. What a lost connection broke off is fetched
 * again from its start.
 */
export async function fetchTree(
  far: FarMachine,
  from: string,
  to: string,
  { only = ['.'], onSkipped = () => undefined, ...patience }: FetchTreeOptions = {},
): Promise<string[]> {
  const tries: Set<string>[] = [];
  const argv = ['sh', '-c', PACK, 'runner', from, ...only];
  const subject = `"${from}" cannot be fetched from machine "${far.name}"`;
  const end = await untilDone(
    far,
    () => argv,
    (channel) => {
      const touched = new Set<string>();
      tries.push(touched);
      return receive(channel, subject, to, touched, patience.signal);
    },
    { ...patience, mostLost: MAX_LOST },
  );
  if (end.kind === 'given up')
    throw new Fault('run', `${subject}: ${end.words}`, {
      help: 'Look at the network between the two machines',
      cause: end.cause,
    });
  const { written, skipped } = end.value;
  for (const line of skipped) onSkipped(line);
  // What a try that broke off has brought, and was gone there by the last.
  const last = tries.pop();
  for (const path of tries.flatMap((touched) => [...touched]))
    if (last?.has(path) !== true) await rm(path, { force: true }).catch(() => undefined);
  return written;
}

interface Received {
  readonly written: string[];
  readonly skipped: readonly string[];
}

async function receive(
  channel: SshChannel,
  subject: string,
  to: string,
  touched: Set<string>,
  signal: AbortSignal | undefined,
): Promise<Passage<Received>> {
  const found: { written?: string[]; flaw?: string } = {};
  const skipped: string[] = [];
  const trailer = watchTrailer();
  const target = (name: string): string | undefined => {
    const path = pathWithin(name);
    if (path !== undefined && !name.endsWith('/')) touched.add(join(to, path));
    return path;
  };
  channel.stdin.end();
  const read = async (output: AsyncIterable<Buffer>): Promise<void> => {
    const skip = (line: string): void => void skipped.push(line);
    try {
      found.written = await unpack(Readable.from(trailer.watch(output)), to, skip, target);
    } catch (error) {
      if (isDiskError(error)) throw writeFault(to, error);
      // Of an archive that breaks off, the channel's end says why.
      found.flaw = error instanceof Error ? error.message : String(error);
    }
  };
  const { kind, code, words } = await readChannel(channel, read, { ...(signal && { signal }) });
  if (kind === 'lost') return { kind, words, hasCome: false };
  const { written, flaw } = found;
  const isWhole = written !== undefined && trailer.isThere();
  if (isWhole && (kind === 'done' || (code === CHANGED && written.length > 0)))
    return { kind: 'done', value: { written, skipped } };
  // The program's exit code may come before the last of its output.
  if (kind === 'done' && !trailer.isThere())
    return { kind: 'lost', words: 'the archive broke off', hasCome: false };
  throw new Fault('run', `${subject}: ${kind === 'done' ? (flaw ?? words) : words}`, {
    help:
      code === NO_FOLDER
        ? 'See whether the lab there still runs'
        : 'See whether it can be read there, and whether tar(1) works there',
  });
}

/** Sees whether what goes by ends as an archive does. */
function watchTrailer(): {
  watch(output: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void>;
  isThere(): boolean;
} {
  let zeros = 0;
  return {
    watch: async function* (output) {
      for await (const chunk of output) {
        const end = chunk.subarray(-TRAILER);
        const others = end.findLastIndex((byte) => byte !== 0);
        zeros = others < 0 ? zeros + end.length : end.length - others - 1;
        yield chunk;
      }
    },
    isThere: () => zeros >= TRAILER,
  };
}

/** Of this machine's file system; tar-stream's own errors have no such number. */
const isDiskError = (error: unknown): boolean => error instanceof Error && 'errno' in error;
