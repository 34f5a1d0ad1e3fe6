// A verb carried out on another machine, by the same program there.
import { constants } from 'node:os';
import { Fault } from '../../base/fault.ts';
import { FAR_RUNNER, type FarMachine } from '../../lab/far/far-machine.ts';
import { type PlanMachine, describeHop } from '../../model/machine.ts';
import type { SshChannel, Terminal } from '../../ssh/ssh.ts';
import { atTerminal, attach } from '../attach.ts';
import type { Input } from '../verb.ts';
import { openMachine } from './open-machine.ts';

/** `dialogue`: our terminal is the program's, or our standard input where there is none. `report`: it only prints. */
export type Manner = 'dialogue' | 'report';

/** Gives the exit code from there; rejects with a fault when the machine cannot be reached, or is lost. */
export async function runThere(
  machine: PlanMachine,
  argv: readonly string[],
  manner: Manner,
): Promise<number> {
  const far = await openMachine(machine);
  try {
    const tty = manner === 'dialogue' && atTerminal();
    const channel = await far.run([FAR_RUNNER, ...argv], tty ? ownTerminal() : undefined);
    const { stdin, stdout, stderr } = channel;
    return await attach(
      {
        ...{ stdin, stdout, stderr },
        resize: (columns, rows) => channel.resize(columns, rows),
        ended: exitCodeOf(channel, far),
        end: () => channel.close(),
      },
      { tty, input: manner === 'dialogue' },
    );
  } finally {
    far.close();
  }
}

const ownTerminal = (): Terminal => ({
  term: process.env['TERM'] ?? 'dumb',
  columns: process.stdout.columns,
  rows: process.stdout.rows,
});

async function exitCodeOf(channel: SshChannel, { name }: FarMachine): Promise<number> {
  const { code, signal } = await channel.ended;
  if (code !== null) return code;
  if (signal !== null) return 128 + signalNumber(signal);
  throw new Fault('run', `The connection to machine "${name}" is lost`, {
    help: 'What ran there may have been cut off: look with "runner ps --machine"',
  });
}

/** Its name comes with or without `SIG`, from a machine that may know others than this one. */
function signalNumber(name: string): number {
  const full = name.startsWith('SIG') ? name : `SIG${name}`;
  return Object.entries(constants.signals).find(([known]) => known === full)?.[1] ?? 0;
}

/** The words of a call and those of its switches that are named, for the same verb there. */
export function sameCall(verb: string, input: Input, switches: readonly string[] = []): string[] {
  const given = switches.filter((name) => input.has(name)).map((name) => `--${name}`);
  const command = input.command.length > 0 ? ['--', ...input.command] : [];
  return [verb, ...given, ...input.words, ...command];
}

/** The options that lead to a machine, for a command line that a person is told to run. */
export function machineWords({ ssh, become }: PlanMachine): string[] {
  if (ssh === null) return [];
  return [
    '--machine',
    describeHop({ ...ssh, host: ssh.host.includes(':') ? `[${ssh.host}]` : ssh.host }),
    ...(become === null ? [] : ['--become', become]),
    ...ssh.identities.flatMap((file) => ['--identity', file]),
    ...ssh.knownHosts.flatMap((file) => ['--known-hosts', file]),
    ...(ssh.jumps === null || ssh.jumps.length === 0
      ? []
      : ['--jump', ssh.jumps.map(describeHop).join(',')]),
  ];
}
