import type { Readable } from 'node:stream';
import type { SshChannel } from '../../ssh/ssh.ts';
import { Fault } from '../../base/fault.ts';
import { withSignal } from './with-signal.ts';

export interface Collected {
  /** Null when a signal ended it or the connection is gone. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * All that a program says which is given no input. A run fault when it does not end in `limit` milliseconds; the signal's
 * reason when that aborts.
 */
export async function collect(
  channel: SshChannel,
  limit: number,
  what: string,
  signal?: AbortSignal,
): Promise<Collected> {
  channel.stdin.on('error', () => undefined).end();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Fault('run', `${what} did not end within ${limit} ms`)),
      limit,
    );
  });
  try {
    const [stdout, stderr, { code }] = await withSignal(
      Promise.race([
        Promise.all([readAll(channel.stdout), readAll(channel.stderr), channel.ended]),
        late,
      ]),
      signal,
    );
    return { code, stdout, stderr };
  } catch (error) {
    channel.close();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function readAll(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  return new Promise((resolve) => {
    const done = (): void => resolve(Buffer.concat(chunks).toString());
    stream.on('data', (bytes: Buffer) => chunks.push(bytes));
    for (const event of ['end', 'close', 'error']) stream.on(event, done);
  });
}
