// A program on the other machine, as streams.
import { Writable } from 'node:stream';
import type { ClientChannel } from 'ssh2';
import type { SshChannel } from './ssh.ts';

/** `lost` settles when the connection is gone. */
export function openChannel(channel: ClientChannel, lost: Promise<unknown>): SshChannel {
  let code: number | null = null;
  let signal: string | null = null;
  channel.on('exit', (exitCode: number | null, exitSignal?: string) => {
    code = exitCode;
    signal = exitSignal ?? null;
  });
  const stdin = inputOf(channel);
  const closed = new Promise<void>((resolve) => channel.once('close', () => resolve()));
  const ended = Promise.race([closed.then(() => drained(channel.stderr)), lost]).then(() => {
    stdin.destroy();
    return { code, signal };
  });
  return {
    stdin,
    stdout: channel,
    stderr: channel.stderr,
    ended,
    resize: (columns, rows) => channel.setWindow(rows, columns, 0, 0),
    close: () => channel.close(),
  };
}

/** ssh2 waits for the end of stdout alone; errors that somebody reads must be read to the end, too. */
const drained = async (errors: ClientChannel['stderr']): Promise<void> =>
  new Promise((resolve) => {
    if (errors.readableFlowing === null || errors.readableEnded) resolve();
    else errors.once('end', () => resolve());
  });

/**
 * The channel's input. A stream of its own, because ssh2 forgets the callback of a write that meets a closed channel: the
 * writer would wait for ever.
 */
const inputOf = (channel: ClientChannel): Writable =>
  new Writable({
    write: (chunk: Buffer, _encoding, done) => void channel.write(chunk, () => done()),
    final: (done) => {
      channel.end();
      done();
    },
    destroy: (error, done) => {
      channel.end();
      done(error);
    },
  });
