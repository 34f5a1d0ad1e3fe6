// A destination on a test's own sshd, with everything written out: nothing of this machine's ssh configuration counts.
import { expect } from 'chai';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { Fault } from '../../../src/base/fault.ts';
import type { SshDestination } from '../../../src/model/machine.ts';
import { connectSsh } from '../../../src/ssh/connect.ts';
import type { SshConnection, SshOptions } from '../../../src/ssh/ssh.ts';
import { makeKey } from './sshd.ts';
import type { KeyOptions, Sshd } from './sshd.ts';

/** Where the tests' keys and known hosts are; HOME and SSH_AUTH_SOCK lead nowhere else until `leave`. */
export function enterHome(): { readonly folder: string; readonly leave: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'ssh-home-'));
  const { HOME, SSH_AUTH_SOCK } = process.env;
  process.env['HOME'] = folder;
  delete process.env['SSH_AUTH_SOCK'];
  return {
    folder,
    leave: () => {
      process.env['HOME'] = HOME;
      if (SSH_AUTH_SOCK === undefined) delete process.env['SSH_AUTH_SOCK'];
      else process.env['SSH_AUTH_SOCK'] = SSH_AUTH_SOCK;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Makes a key that the servers take. */
export function admit(
  folder: string,
  name: string,
  servers: readonly Sshd[],
  key: KeyOptions = {},
): void {
  const line = makeKey(join(folder, name), key);
  for (const { authorizedKeys } of servers) appendFileSync(authorizedKeys, line);
}

export function trust(folder: string, lines: string, name = 'known_hosts'): void {
  writeFileSync(join(folder, name), lines);
}

export const destination = (
  { address, port }: Sshd,
  wishes: Partial<SshDestination> = {},
): SshDestination => ({
  host: address,
  port,
  user: userInfo().username,
  identities: ['id'],
  knownHosts: ['known_hosts'],
  jumps: [],
  ...wishes,
});

export const optionsTo = (
  folder: string,
  to: SshDestination,
  more: Partial<SshOptions> = {},
): SshOptions => ({
  machine: 'edge',
  folder,
  destination: to,
  ask: () => Promise.resolve(null),
  ...more,
});

/** Connects, gives the connection to `use`, and closes it. */
export async function withConnection<T>(
  options: SshOptions,
  use: (connection: SshConnection) => Promise<T>,
): Promise<T> {
  const connection = await connectSsh(options);
  try {
    return await use(connection);
  } finally {
    connection.close();
    await connection.closed;
  }
}

/** What a program there prints. */
export const outputOf = (options: SshOptions, command: string): Promise<string> =>
  withConnection(options, async (connection) => {
    const channel = await connection.exec(command);
    channel.stdin.end();
    let output = '';
    for await (const chunk of channel.stdout) output += String(chunk);
    await channel.ended;
    return output;
  });

/** The machine fault with which something is refused. */
export async function refusal(action: Promise<unknown>): Promise<Fault> {
  const fault: unknown = await action.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(fault instanceof Fault)) throw new Error(`expected a fault, found ${String(fault)}`);
  expect(fault.kind).to.equal('machine');
  return fault;
}
