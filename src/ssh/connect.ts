// The door of this folder. ssh2 is loaded when the first connection is made: a lab on this machine alone does not pay for it.
import type { SshConnection, SshOptions } from './ssh.ts';

/**
 * Connects to a machine: resolves the destination by ssh_config(5), goes through its jump hosts, checks every host key and
 * logs in. Throws a machine fault that names the hop; or the signal's reason.
 */
export async function connectSsh(options: SshOptions): Promise<SshConnection> {
  const { openWay } = await import('./open-way.ts');
  return openWay(options);
}
