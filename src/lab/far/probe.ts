// What a machine says of itself before anything of ours runs there.
import { Fault } from '../../base/fault.ts';
import type { SshConnection } from '../../ssh/ssh.ts';
import { type Collected, collect } from './collect.ts';
import { ANSWER_MARK, PROBE } from './far-scripts.ts';
import { lastWords } from './last-words.ts';
import { remoteCommand } from './remote-command.ts';
import { withSignal } from './with-signal.ts';

export interface FarProbe {
  /** Where bundles are; absolute. */
  readonly cache: string;
  readonly hasBundle: boolean;
  readonly kernel: string;
  /** `uname -m`. */
  readonly arch: string;
  /** `glibc 2.36`, or empty where the C library is another. */
  readonly libc: string;
  readonly uid: number;
  readonly address: string;
  readonly peer: string;
}

const PROBE_MS = 30_000;

export async function probeMachine(
  connection: SshConnection,
  machine: string,
  bundle: string,
  signal: AbortSignal,
): Promise<FarProbe> {
  const channel = await withSignal(connection.exec(remoteCommand(PROBE, [bundle])), signal);
  const what = `The first program on machine "${machine}"`;
  const said = await collect(channel, PROBE_MS, what, signal);
  const facts = readAnswers(said.stdout);
  if (!facts.has('end')) throw noShell(machine, connection.reached, said);
  const fact = (name: string): string => facts.get(name) ?? '';
  // sshd(8): the client's address and port, the server's address and port.
  const [peer = '', , address = ''] = fact('connection').split(' ').map(withoutZone);
  return {
    cache: fact('cache'),
    hasBundle: facts.has('bundle'),
    kernel: fact('kernel'),
    arch: fact('arch'),
    libc: fact('libc'),
    uid: Number(fact('uid')),
    address,
    peer,
  };
}

/** `name=value` of each answer. */
export const readAnswers = (text: string): Map<string, string> =>
  new Map(
    text.split('\n').flatMap((line) => {
      const at = line.lastIndexOf(ANSWER_MARK);
      if (at < 0) return [];
      const answer = line.slice(at + ANSWER_MARK.length);
      const equals = answer.indexOf('=');
      return [[answer.slice(0, equals), answer.slice(equals + 1)] as const];
    }),
  );

const withoutZone = (address: string): string => address.replace(/%.*$/, '');

/** The oldest Linux for which Node.js 20 is made (its BUILDING.md), and with it the agent. */
const OLDEST = [4, 18] as const;

/** Throws a machine fault when labs cannot be on such a kernel. */
export function checkKernel(machine: string, kernel: string): void {
  const [, name = '', major, minor] = /^(\S+) (\d+)\.(\d+)/.exec(kernel) ?? [];
  const number = Number(major) * 1000 + Number(minor);
  if (name === 'Linux' && number >= OLDEST[0] * 1000 + OLDEST[1]) return;
  throw new Fault(
    'machine',
    `Machine "${machine}" runs ${kernel === '' ? 'an unknown system' : kernel}, and labs need Linux ${OLDEST.join('.')} or newer: ` +
      'Node.js 20, which the agent is run by, has no support for older ones',
    { help: 'Update its kernel, or put the nodes on another machine' },
  );
}

const noShell = (machine: string, reached: string, { code, stdout, stderr }: Collected): Fault =>
  new Fault(
    'machine',
    `Machine "${machine}" (${reached}) does not run programs for ssh: ` +
      `"${lastWords(`${stdout}\n${stderr}`) || 'no word'}" (exit code ${code ?? 'none'})`,
    { help: `Its user needs a login shell: try "ssh ${reached.replace(/:\d+$/, '')} uname -a"` },
  );
