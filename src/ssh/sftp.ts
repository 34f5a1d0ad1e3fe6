// Opens the SFTP subsystem of a connection.
import type { Client, SFTPWrapper } from 'ssh2';
import { Fault } from '../base/fault.ts';
import type { SshConnection } from './ssh.ts';
import { describeWhere } from './where.ts';
import type { Where } from './where.ts';

export interface PushContext {
  readonly client: Client;
  readonly lost: Promise<string>;
  readonly exec: SshConnection['exec'];
  readonly where: Where;
}

/** Milliseconds until the other side's SFTP server must have answered. */
const START_MS = 10_000;

/** Throws a machine fault where there is none. */
export const openSftp = ({ client, lost, where }: PushContext): Promise<SFTPWrapper> =>
  new Promise((resolve, reject) => {
    const refuse = (why: string, cause?: unknown): void => {
      clearTimeout(timer);
      reject(
        new Fault('machine', `Cannot copy files to ${describeWhere(where)}: ${why}`, {
          help: 'It takes files by SFTP: "Subsystem sftp internal-sftp" in /etc/ssh/sshd_config there, and a login shell that prints nothing by itself',
          cause,
        }),
      );
    };
    const timer = setTimeout(
      () => refuse(`SFTP does not answer within ${START_MS / 1000} s`),
      START_MS,
    );
    void lost.then((why) => refuse(`the connection is lost: ${why}`));
    try {
      client.sftp((error, sftp) => {
        if (error !== undefined) {
          refuse(error.message, error);
          return;
        }
        clearTimeout(timer);
        // Every request's callback hears of it, too.
        sftp.on('error', () => undefined);
        resolve(sftp);
      });
    } catch (error) {
      refuse(error instanceof Error ? error.message : String(error), error);
    }
  });
