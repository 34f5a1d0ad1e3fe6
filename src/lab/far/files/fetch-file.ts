// One file of another machine, brought here as it is there.
import { type Hash, createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Fault } from '../../../base/fault.ts';
import type { SshChannel } from '../../../ssh/ssh.ts';
import type { FarMachine } from '../far-machine.ts';
import { readChannel } from './read-channel.ts';
import { type Passage, type Patience, untilDone } from './until-done.ts';
import { writeFault } from './write-fault.ts';

export interface FarFile {
  /** Absolute, on the other machine. */
  readonly from: string;
  /** Absolute, on this machine. */
  readonly to: string;
  /** Its size there. */
  readonly bytes: number;
  /** Its SHA-256 there, hexadecimal. */
  readonly sha256: string;
}

export interface FetchOptions extends Omit<Patience, 'mostLost'> {
  /** Hears how many bytes are here, now and then. */
  readonly onProgress?: (bytes: number) => void;
}

/** How often a connection may be lost without a byte having come before one file is given up. */
const MAX_LOST = 10;
/** Bytes that are written at once: a call for each packet of the connection would cost more than the writing. */
const BATCH = 1 << 20;

/**
 * Goes on where it was when the connection was lost. Rejects with a machine fault when it cannot be written here, and with a
 * run fault when what came is, twice, not what is wished for.
 */
export async function fetchFile(
  far: FarMachine,
  file: FarFile,
  options: FetchOptions = {},
): Promise<void> {
  const first = await fetchOnce(far, file, options);
  if (isWished(first, file)) return;
  const second = await fetchOnce(far, file, options);
  if (isWished(second, file)) return;
  throw new Fault(
    'run',
    `"${file.from}" came here twice and is not what it was there: expected ${file.bytes} bytes with SHA-256 ${file.sha256}, found ${describe(second, file)}`,
    {
      help: `Something writes to it still, or a disk loses data: compare "sha256sum" of it there with "sha256sum ${file.to}" here`,
    },
  );
}

interface Fetched {
  readonly bytes: number;
  readonly sha256: string;
}

const isWished = (found: Fetched, { bytes, sha256 }: FarFile): boolean =>
  found.bytes === bytes && found.sha256 === sha256;

const describe = ({ bytes, sha256 }: Fetched, wished: FarFile): string =>
  bytes > wished.bytes
    ? `more than ${wished.bytes} bytes: it has grown`
    : `${bytes} bytes with SHA-256 ${sha256}${bytes < wished.bytes ? ': it has shrunk' : ''}`;

async function fetchOnce(far: FarMachine, file: FarFile, options: FetchOptions): Promise<Fetched> {
  const sink = await openSink(file.to);
  // tail(1) counts from 1, and is slower than cat(1) where it has nothing to skip.
  const rest = (): string[] =>
    sink.bytes === 0 ? ['cat', file.from] : ['tail', '-c', `+${sink.bytes + 1}`, file.from];
  try {
    const end = await untilDone(
      far,
      rest,
      (channel) => receive(channel, far.name, file, sink, options),
      { ...options, mostLost: MAX_LOST },
    );
    if (end.kind === 'given up')
      throw new Fault(
        'run',
        `"${file.from}" cannot be fetched from machine "${far.name}": the connection is lost and does not come back (${end.words}), ${sink.bytes} of ${file.bytes} bytes are here`,
        {
          help: `They are in "${file.to}"; look at the network between the two machines`,
          cause: end.cause,
        },
      );
    await sink.flush();
    return { bytes: sink.bytes, sha256: sink.hash.digest('hex') };
  } finally {
    await sink.close();
  }
}

async function receive(
  channel: SshChannel,
  machine: string,
  { from, bytes }: FarFile,
  sink: Sink,
  { signal, onProgress }: FetchOptions,
): Promise<Passage<void>> {
  const before = sink.bytes;
  channel.stdin.end();
  const read = async (output: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of output) {
      if (await sink.write(chunk)) onProgress?.(sink.bytes);
      if (sink.bytes > bytes) break;
    }
    await sink.flush();
  };
  const end = await readChannel(channel, read, { ...(signal && { signal }) });
  // Whether all of it has come is for its hash to say, however the channel ended.
  if (end.kind === 'done' || sink.bytes >= bytes) return { kind: 'done', value: undefined };
  if (end.kind === 'lost') return { kind: 'lost', words: end.words, hasCome: sink.bytes > before };
  throw new Fault('run', `"${from}" cannot be fetched from machine "${machine}": ${end.words}`, {
    help: 'See whether the file is there and can be read, and whether the lab there still runs',
  });
}

interface Sink {
  readonly hash: Hash;
  /** Received so far; all of them are hashed. */
  readonly bytes: number;
  /** Resolves to whether a batch was written. */
  write(chunk: Buffer): Promise<boolean>;
  flush(): Promise<void>;
  close(): Promise<void>;
}

async function openSink(path: string): Promise<Sink> {
  const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW } = constants;
  let handle: FileHandle;
  try {
    await mkdir(dirname(path), { recursive: true });
    handle = await open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0o644);
  } catch (error) {
    throw writeFault(path, error);
  }
  const hash = createHash('sha256');
  let batch: Buffer[] = [];
  let waiting = 0;
  let bytes = 0;
  /** The batch before: it is written while the next is read. */
  let writing: Promise<unknown> = Promise.resolve();
  const next = async (): Promise<void> => {
    const full = batch;
    batch = [];
    waiting = 0;
    await settle(writing, path);
    writing = writeAll(handle, full);
    // Heard of when it is waited for.
    writing.catch(() => undefined);
  };
  return {
    hash,
    get bytes() {
      return bytes;
    },
    write: async (chunk) => {
      hash.update(chunk);
      bytes += chunk.length;
      waiting += chunk.length;
      batch.push(chunk);
      if (waiting < BATCH) return false;
      await next();
      return true;
    },
    flush: async () => {
      if (batch.length > 0) await next();
      await settle(writing, path);
    },
    close: () => handle.close(),
  };
}

async function settle(writing: Promise<unknown>, path: string): Promise<void> {
  try {
    await writing;
  } catch (error) {
    throw writeFault(path, error);
  }
}

/** writev(2) may write less than it is given, as on a disk that is nearly full. */
async function writeAll(handle: FileHandle, chunks: readonly Buffer[]): Promise<void> {
  const total = chunks.reduce((sum, { length }) => sum + length, 0);
  const { bytesWritten } = await handle.writev(chunks);
  if (bytesWritten < total) await handle.writeFile(Buffer.concat(chunks).subarray(bytesWritten));
}
