// What a program on another machine writes, read to its end within bounds.
import type { Readable } from 'node:stream';
import type { SshChannel } from '../../../ssh/ssh.ts';

export interface ChannelEnd {
  /**
   * `done`: it exited with 0. `lost`: the connection is gone, or gave nothing for too long. `refused`: it exited with
   * something else.
   */
  readonly kind: 'done' | 'lost' | 'refused';
  /** Null when a signal ended it, or the connection. */
  readonly code: number | null;
  /** The last of what it wrote to standard error, or how it ended. */
  readonly words: string;
}

/** Milliseconds without a byte after which a channel counts as lost. */
const SILENCE_MS = 60_000;
/** Characters of standard error that are kept. */
const WORDS_LIMIT = 2000;

/** Has `read` read standard output, and gives how the program ended; rejects with what `read` rejects with. */
export async function readChannel(
  channel: SshChannel,
  read: (output: AsyncIterable<Buffer>) => Promise<void>,
  {
    signal,
    silence = SILENCE_MS,
  }: { readonly signal?: AbortSignal; readonly silence?: number } = {},
): Promise<ChannelEnd> {
  const words = keepWords(channel.stderr);
  const silent = new AbortController();
  const close = (): void => channel.close();
  silent.signal.addEventListener('abort', close);
  const timer = setTimeout(() => silent.abort(), silence);
  const refresh = (): void => void timer.refresh();
  for (const stream of [channel.stdin, channel.stdout]) stream.on('error', () => undefined);
  // Either direction is a sign of life.
  channel.stdin.on('drain', refresh);
  signal?.addEventListener('abort', close, { once: true });
  try {
    await read(heard(channel, refresh));
    const { code, signal: name } = await channel.ended;
    signal?.throwIfAborted();
    const isSilent = silent.signal.aborted;
    const reason = name === null ? `exit code ${code ?? 'unknown'}` : `signal ${name}`;
    return {
      kind: kindOf(code, name, isSilent),
      code,
      words: words() || (isSilent ? `nothing came for ${silence / 1000} s` : reason),
    };
  } catch (error) {
    close();
    throw error;
  } finally {
    clearTimeout(timer);
    channel.stdin.off('drain', refresh);
    signal?.removeEventListener('abort', close);
  }
}

/** What comes, until the end or the loss of the connection, which its reader learns from the channel's end. */
async function* heard(channel: SshChannel, onChunk: () => void): AsyncGenerator<Buffer, void> {
  let isOver = false;
  try {
    // The exit code may come behind the end of the output: the stream must not be destroyed by then.
    for await (const chunk of channel.stdout.iterator({ destroyOnReturn: false })) {
      onChunk();
      yield chunk as Buffer;
    }
    isOver = true;
  } catch {
    // The channel's end says why.
    isOver = true;
  } finally {
    if (!isOver) {
      channel.close();
      // A channel that nobody reads does not end.
      channel.stdout.resume();
    }
  }
}

function kindOf(code: number | null, signal: string | null, isSilent: boolean): ChannelEnd['kind'] {
  if (code === 0) return 'done';
  return isSilent || (code === null && signal === null) ? 'lost' : 'refused';
}

function keepWords(stream: Readable): () => string {
  let text = '';
  stream.on('error', () => undefined);
  stream.on('data', (bytes: Buffer) => {
    text = (text + bytes.toString('utf8')).slice(-WORDS_LIMIT);
  });
  return () => text.trim();
}
