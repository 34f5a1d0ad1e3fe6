// A file or folder of this machine, put on another.
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { Fault } from '../../../base/fault.ts';
import { packTree } from '../../../engine/pack-tree.ts';
import type { SshChannel } from '../../../ssh/ssh.ts';
import type { FarMachine } from '../far-machine.ts';
import { readChannel } from './read-channel.ts';
import { type Passage, type Patience, untilDone } from './until-done.ts';

export interface SendTreeOptions extends Omit<Patience, 'mostLost'> {
  /** What it is called in that folder, with the folders that lead to it; empty: the top folder's own content goes there. */
  readonly name: string;
  /** Whether a path below the top goes too; folders that do not take along what is in them. */
  readonly isWanted?: (path: string) => boolean;
  /** Hears how many bytes were sent, now and then. */
  readonly onProgress?: (bytes: number) => void;
}

/** An archive cannot go on where it was: it goes again, over what is there of it, so often at most. */
const MAX_LOST = 3;

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
  { name, isWanted = () => true, onProgress, ...patience }: SendTreeOptions,
): Promise<void> {
  const slash = name.lastIndexOf('/');
  const parent = slash < 0 ? '.' : name.slice(0, slash);
  const argv = ['sh', '-c', UNPACK, 'runner', folder, parent];
  const subject = `"${from}" cannot be put on machine "${far.name}", in "${folder}"`;
  const send = async (channel: SshChannel): Promise<Passage<void>> => {
    const archive = packTree(from, name, {
      isWanted: (path) => (isWanted(path) ? 'yes' : 'not even what is in it'),
    });
    const end = await sendArchive(channel, archive, onProgress, patience.signal);
    if (end.unread !== undefined)
      throw new Fault('machine', `"${from}" cannot be read: ${messageOf(end.unread)}`, {
        cause: end.unread,
      });
    if (end.kind === 'done') return { kind: 'done', value: undefined };
    if (end.kind === 'lost') return { kind: 'lost', words: end.words, hasCome: false };
    throw new Fault('machine', `${subject}: ${end.words}`, {
      help: 'See whether there is space on its disk, and whether tar(1) works there',
    });
  };
  const end = await untilDone(far, () => argv, send, { ...patience, mostLost: MAX_LOST });
  if (end.kind === 'given up')
    throw new Fault('run', `${subject}: ${end.words}`, {
      help: 'Look at the network between the two machines',
      cause: end.cause,
    });
}

/** What cannot be read here matters more than what tar(1) then says there. */
async function sendArchive(
  channel: SshChannel,
  archive: Readable,
  onProgress: SendTreeOptions['onProgress'],
  signal: AbortSignal | undefined,
): Promise<{ kind: 'done' | 'lost' | 'refused'; words: string; unread: unknown }> {
  const state: { unread: unknown; isSent: boolean } = { unread: undefined, isSent: false };
  archive.on('error', (error) => {
    state.unread = error;
    channel.close();
  });
  archive.once('end', () => {
    state.isSent = true;
  });
  const sending = pipeline(counted(archive, onProgress), channel.stdin).catch(() => undefined);
  const drain = async (output: AsyncIterable<Buffer>): Promise<void> => {
    await buffer(output);
    archive.destroy();
    await sending;
  };
  const { kind, words } = await readChannel(channel, drain, { ...(signal && { signal }) });
  const { unread, isSent } = state;
  // tar(1) takes what breaks off between two files for the whole.
  if (kind === 'done' && !isSent) return { kind: 'lost', words: 'the archive broke off', unread };
  return { kind, words, unread };
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
