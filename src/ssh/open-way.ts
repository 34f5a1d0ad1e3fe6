// Goes the way to a machine, hop by hop: each is reached through the one before it.
import type { Duplex } from 'node:stream';
import { Fault } from '../base/fault.ts';
import { localContext } from './config-files.ts';
import { openConnection } from './connection.ts';
import { startDeadline } from './deadline.ts';
import { dial } from './dial.ts';
import type { Hop } from './hop.ts';
import { logIn } from './log-in.ts';
import type { LoggedIn } from './log-in.ts';
import { secretsOf } from './secrets.ts';
import type { Secrets } from './secrets.ts';
import type { SshConnection, SshOptions } from './ssh.ts';
import { describeWhere } from './where.ts';
import type { Where } from './where.ts';
import { resolveWay } from './way.ts';

/** See connectSsh(). */
export async function openWay(options: SshOptions): Promise<SshConnection> {
  const { machine, signal } = options;
  signal?.throwIfAborted();
  const way = resolveWay(options.destination, localContext(options.folder));
  const secrets = secretsOf(options.ask);
  const hops: LoggedIn[] = [];
  try {
    let last: LoggedIn | undefined;
    for (const [index, hop] of way.entries()) {
      const where = { machine, hop, isJump: index < way.length - 1 };
      last = await reach(where, hops.at(-1), way[index - 1], secrets, signal);
      hops.push(last);
      if (!where.isJump) return openConnection(hops, last, where);
    }
    throw new Fault('machine', `There is no way to machine "${machine}"`);
  } catch (error) {
    for (const hop of hops.toReversed()) hop.end();
    throw error;
  }
}

async function reach(
  where: Where,
  before: LoggedIn | undefined,
  beforeHop: Hop | undefined,
  secrets: Secrets,
  signal: AbortSignal | undefined,
): Promise<LoggedIn> {
  const { hop } = where;
  const deadline = startDeadline(hop.connectTimeout, () => tooLate(where), signal);
  try {
    const stream: Duplex =
      before === undefined
        ? await dial(where, deadline.signal)
        : await forward(before, beforeHop, where, deadline.signal);
    return await logIn(where, stream, {
      secrets: {
        unlock: (path, text) => deadline.hold(secrets.unlock(path, text)),
        answer: (question, isFresh) => deadline.hold(secrets.answer(question, isFresh)),
      },
      deadline,
    });
  } finally {
    deadline.clear();
  }
}

/** A connection that the hop before opens for us (RFC 4254 section 7.2). */
const forward = (
  { client, lost }: LoggedIn,
  through: Hop | undefined,
  where: Where,
  signal: AbortSignal,
): Promise<Duplex> =>
  new Promise((resolve, reject) => {
    const { host, port } = where.hop;
    const refuse = (why: string, cause?: unknown): void =>
      reject(
        new Fault(
          'machine',
          `Cannot reach ${describeWhere(where)} through jump host "${through?.alias ?? ''}": ${why}`,
          {
            help: `Check that "${host}" is right as seen from the jump host, that sshd listens on port ${port} there, and that the jump host allows it (AllowTcpForwarding)`,
            cause,
          },
        ),
      );
    signal.addEventListener(
      'abort',
      () =>
        reject(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason))),
      { once: true },
    );
    void lost.then((why) => refuse(`the connection to the jump host is lost: ${why}`));
    try {
      client.forwardOut('127.0.0.1', 0, host, port, (error, channel) => {
        if (error !== undefined) refuse(error.message.replace(/^\(SSH\) /, ''), error);
        else if (signal.aborted) channel.close();
        else resolve(channel);
      });
    } catch (error) {
      refuse(error instanceof Error ? error.message : String(error), error);
    }
  });

const tooLate = (where: Where): Fault => {
  const { host, port, connectTimeout } = where.hop;
  return new Fault(
    'machine',
    `Cannot reach ${describeWhere(where)}: no login within ${connectTimeout / 1000} s`,
    {
      help: `Check that "${host}" runs and that no firewall drops port ${port}; ConnectTimeout in the ssh configuration sets another time`,
    },
  );
};
