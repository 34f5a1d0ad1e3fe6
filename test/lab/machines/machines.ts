// Machines for tests: infra/lab-machines.sh, kept running from startMachines() to dispose().
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type LabMachine, type MachineEntry, openMachine } from './machine.ts';
import { type ProgramEnd, type ProgramOptions, runProgram } from './program.ts';

const CHECKOUT = resolve(import.meta.dirname, '../../..');
const SCRIPT = join(CHECKOUT, 'infra/lab-machines.sh');

export interface MachinesOptions {
  /** How many; 3 unless given. */
  readonly machines?: number;
  /** What each is like: the words of infra/lab-machines.sh. */
  readonly every?: readonly string[];
  /** What single ones are like beside that, by their number from 1. */
  readonly words?: Readonly<Record<number, readonly string[]>>;
  /** Groups of the inventory: numbers from 1, in this order. */
  readonly groups?: Readonly<Record<string, readonly number[]>>;
}

export interface LabMachines {
  /** All files are below it. */
  readonly folder: string;
  /** Paths of an Ansible inventory, an ssh_config(5), known host keys, and the private key that opens every machine. */
  readonly inventory: string;
  readonly sshConfig: string;
  readonly knownHosts: string;
  readonly identity: string;
  /** Starts a program on the controller, from which the machines are reached: in front of its argv, and its environment. */
  readonly controller: {
    readonly through: readonly string[];
    readonly environment: Readonly<Record<string, string | undefined>>;
    readonly address: string;
  };
  /** By its number from 1. */
  machine(index: number): LabMachine;
  /** Runs a program on the controller to its end, in the checkout unless told otherwise. */
  run(argv: readonly string[], options?: ProgramOptions): Promise<ProgramEnd>;
  /** Ends all that runs on the machines, and removes the folder. */
  dispose(): Promise<void>;
}

interface MachinesFile {
  readonly world: number;
  readonly controller: { readonly address: string };
  readonly machines: readonly MachineEntry[];
}

/** Needs root. They end with this process, whatever becomes of it: their script waits for the end of its standard input. */
export async function startMachines(options: MachinesOptions = {}): Promise<LabMachines> {
  const folder = mkdtempSync(join(tmpdir(), 'runner-machines-'));
  const keep = ['sh', '-c', 'echo up; exec cat >/dev/null'];
  const child = spawn(SCRIPT, [...toArguments(options), folder, '--', ...keep], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // Ctrl-C is for the tests, which dispose of them.
    detached: true,
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = new Promise<void>((settle, reject) => {
    child.once('error', reject);
    child.once('close', () => {
      settle();
    });
  });
  const isUp = new Promise<boolean>((settle) => {
    child.stdout.once('data', () => {
      settle(true);
    });
    void ended.finally(() => {
      settle(false);
    });
  });
  const dispose = async (): Promise<void> => {
    child.stdin.end();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  if (!(await isUp)) {
    await dispose();
    throw new Error(`Expected machines, found: ${said}`);
  }
  return { ...describeMachines(folder), dispose };
}

function describeMachines(folder: string): Omit<LabMachines, 'dispose'> {
  const file = JSON.parse(readFileSync(join(folder, 'machines.json'), 'utf8')) as MachinesFile;
  const machines = file.machines.map((entry) => openMachine(entry, file.world));
  const through = ['nsenter', `--net=/proc/${file.world}/root/run/netns/controller`, '--'];
  const environment = { HOME: join(folder, 'home'), SSH_AUTH_SOCK: undefined };
  return {
    folder,
    inventory: join(folder, 'hosts.ini'),
    sshConfig: join(folder, 'ssh_config'),
    knownHosts: join(folder, 'known_hosts'),
    identity: join(folder, 'id_ed25519'),
    controller: { through, environment, address: file.controller.address },
    machine: (index) => {
      const machine = machines[index - 1];
      if (machine === undefined)
        throw new Error(`Expected 1 to ${machines.length}, found ${index}`);
      return machine;
    },
    run: (argv, options = {}) =>
      runProgram([...through, ...argv], {
        cwd: CHECKOUT,
        ...options,
        environment: { ...process.env, NO_COLOR: '1', ...environment, ...options.environment },
      }),
  };
}

function toArguments({
  machines = 3,
  every = [],
  words = {},
  groups = {},
}: MachinesOptions): string[] {
  const pairs = <Value>(table: Readonly<Record<string, Value>>): [string, Value][] =>
    Object.entries(table);
  return [
    ...['--machines', String(machines)],
    ...(every.length > 0 ? ['--every', every.join(',')] : []),
    ...pairs(words).flatMap(([index, list]) => ['--machine', index, list.join(',')]),
    ...pairs(groups).flatMap(([name, members]) => ['--group', `${name}=${members.join(',')}`]),
  ];
}
