// A connection that stands: programs and files on the other machine.
import { Fault } from '../base/fault.ts';
import { openChannel } from './channel.ts';
import type { LoggedIn } from './log-in.ts';
import { pushFiles } from './push.ts';
import type { SshConnection } from './ssh.ts';
import { describeWhere, reachedOf } from './where.ts';
import type { Where } from './where.ts';

/** `hops` are logged in to one through the other, the machine itself last. */
export function openConnection(
  hops: readonly LoggedIn[],
  { client, lost }: LoggedIn,
  where: Where,
): SshConnection {
  let isClosing = false;
  const closed = lost.then((why) => (isClosing ? null : why));
  const close = (): void => {
    isClosing = true;
    for (const hop of hops.toReversed()) hop.end();
  };
  // A connection that is lost leaves no jump host behind.
  void lost.then(() => {
    for (const hop of hops) hop.end();
  });
  const exec: SshConnection['exec'] = (command, terminal) =>
    new Promise((resolve, reject) => {
      const refuse = (cause: Error): void =>
        reject(
          new Fault(
            'machine',
            `Cannot run a program on ${describeWhere(where)}: ${cause.message}`,
            {
              help: 'Its sshd may allow no commands, or no more of them on one connection (ForceCommand, MaxSessions)',
              cause,
            },
          ),
        );
      const pty =
        terminal === undefined
          ? {}
          : {
              pty: {
                term: terminal.term,
                cols: terminal.columns,
                rows: terminal.rows,
                width: 0,
                height: 0,
              },
            };
      try {
        client.exec(command, pty, (error, channel) => {
          if (error === undefined) resolve(openChannel(channel, lost));
          else refuse(error);
        });
      } catch (error) {
        refuse(error instanceof Error ? error : new Error(String(error)));
      }
    });
  return {
    reached: reachedOf(where.hop),
    exec,
    push: (folder, files, signal) =>
      pushFiles({ client, lost, exec, where }, folder, files, { signal }),
    closed,
    close,
  };
}
