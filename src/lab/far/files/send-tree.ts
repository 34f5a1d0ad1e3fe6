// A file or folder of this machine, put on another.
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { Fault } from '../../../base/fault.ts';
import { packTree } from '../../../engine/pack-tree.ts';
import type { FarMachine } from '../far-machine.ts';
import { readChannel } from './read-channel.ts';

export interface SendTreeOptions {
  /** What it is called in that folder, with the folders that lead to it; empty: the top folder's own content goes there. */
  readonly name: string;
  /** Whether a path below the top goes too; folders that do not take along what is in them. */
  readonly isWanted?: (path: string) => boolean;
  /** Hears how many bytes were sent, now and then. */
  readonly onProgress?: (bytes: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * $1 is the folder, $2 what leads to the name. The sender's modes hold, whatever the umask there; as root, files belong to root
 * all the same.
 */
const UNPACK = ['mkdir -p -- "$1/$2" && cd -- "$1" || exit', 'umask 0', 'exec tar -xpof -'].join(
  '\n',
);

/** `from` and `folder` are absolute. Rejects with a machine fault when it cannot be written there. */
export async function sendTree(
  far: FarMachine,
  from: string,
  folder: string,
  { name, isWanted = () => true, onProgress, signal }: SendTreeOptions,
): Promise<void> {
  const slash = name.lastIndexOf('/');
  const parent = slash < 0 ? '.' : name.slice(0, slash);
  const archive = packTree(from, name, {
    isWanted: (path) => (isWanted(path) ? 'yes' : 'not even what is in it'),
  });
  const channel = await far.run(['sh', '-c', UNPACK, 'runner', folder, parent]);
  // What cannot be read here matters more than what tar(1) then says there.
  let unread: unknown;
  archive.on('error', (error) => {
    unread = error;
    channel.close();
  });
  const sending = pipeline(counted(archive, onProgress), channel.stdin).catch(() => undefined);
  const drain = async (output: AsyncIterable<Buffer>): Promise<void> => {
    await buffer(output);
    archive.destroy();
    await sending;
  };
  const end = await readChannel(channel, drain, { ...(signal && { signal }) });
  if (unread !== undefined)
    throw new Fault('machine', `"${from}" cannot be read: ${messageOf(unread)}`, { cause: unread });
  if (end.kind === 'done') return;
  const what = `"${from}" cannot be put on machine "${far.name}", in "${folder}": ${end.words}`;
  if (end.kind === 'lost')
    throw new Fault('run', what, { help: 'Look at the network between the two machines' });
  throw new Fault('machine', what, {
    help: 'See whether there is space on its disk, and whether tar(1) works there',
  });
}

async function* counted(
  archive: Readable,
  onProgress: SendTreeOptions['onProgress'],
): AsyncGenerator<Buffer, void> {
  let bytes = 0;
  for await (const chunk of archive as AsyncIterable<Buffer>) {
    yield chunk;
    bytes += chunk.length;
    onProgress?.(bytes);
  }
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
