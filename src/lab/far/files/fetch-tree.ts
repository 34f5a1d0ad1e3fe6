// A folder of another machine, brought here: files and folders, and nothing of it outside the folder that it is put in.
import { Readable } from 'node:stream';
import { Fault } from '../../../base/fault.ts';
import { pathWithin, unpack } from '../../../engine/unpack-tree.ts';
import type { FarMachine } from '../far-machine.ts';
import { readChannel } from './read-channel.ts';
import { writeFault } from './write-fault.ts';

export interface FetchTreeOptions {
  /** Names in the folder, without which all of it is meant; what is not there is left out. */
  readonly only?: readonly string[];
  /** Hears of each entry that is not brought, and why: links, devices, names that lead elsewhere. */
  readonly onSkipped?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** Exit code of the script when the folder is not there. */
const NO_FOLDER = 66;

/** $1 is the folder; those of the other arguments that are there go into the archive. tar(1) may refuse to make an empty one. */
const PACK = [
  `cd -- "$1" || exit ${NO_FOLDER}`,
  'shift',
  'for name do shift; [ . = "$name" ] || name=./$name',
  'if [ -e "$name" ]; then set -- "$@" "$name"; fi; done',
  '[ $# -eq 0 ] || exec tar -cf - "$@"',
].join('\n');

/** GNU tar's "some files differ": one was written to while it was read. */
const CHANGED = 1;

/** Gives the paths of the files written, absolute; both folders are absolute too. */
export async function fetchTree(
  far: FarMachine,
  from: string,
  to: string,
  { only = ['.'], onSkipped = () => undefined, signal }: FetchTreeOptions = {},
): Promise<string[]> {
  const found: { written?: string[] } = {};
  const channel = await far.run(['sh', '-c', PACK, 'runner', from, ...only]);
  channel.stdin.end();
  const read = async (output: AsyncIterable<Buffer>): Promise<void> => {
    try {
      found.written = await unpack(Readable.from(output), to, onSkipped, pathWithin);
    } catch (error) {
      if (isDiskError(error)) throw writeFault(to, error);
      // An archive that breaks off: the channel's end says why.
    }
  };
  const { kind, code, words } = await readChannel(channel, read, { ...(signal && { signal }) });
  const { written } = found;
  if (written && (kind === 'done' || (code === CHANGED && written.length > 0))) return written;
  const help =
    code === NO_FOLDER
      ? 'See whether the lab there still runs'
      : kind === 'lost'
        ? 'Look at the network between the two machines'
        : 'See whether it can be read there, and whether tar(1) works there';
  throw new Fault('run', `"${from}" cannot be fetched from machine "${far.name}": ${words}`, {
    help,
  });
}

/** Of this machine's file system; tar-stream's own errors have no such number. */
const isDiskError = (error: unknown): boolean => error instanceof Error && 'errno' in error;
