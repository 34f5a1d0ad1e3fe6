// One of the machines of infra/lab-machines.sh: what runs on it, and what may befall it.
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { signalAll } from '../ssh/signal-all.ts';
import { outputOf, type ProgramEnd, type ProgramOptions, runProgram } from './program.ts';

export interface LabMachine {
  readonly name: string;
  readonly address: string;
  readonly address6: string;
  /** As whom the inventory logs in. */
  readonly user: string;
  /** What sudo wants from `lab` with the word `sudo=password`. */
  readonly password: string;
  /** The first process of it, as this computer counts. */
  readonly pid: number;
  /** Runs a program in it as root, or as `user`, without ssh. */
  exec(argv: readonly string[], options?: ProgramOptions & { user?: string }): Promise<ProgramEnd>;
  /** All that runs in it beside its first process, its sshd and what `exec` starts. */
  processes(): readonly MachineProcess[];
  /** Names of the interfaces of its own network stack. */
  interfaces(): Promise<readonly string[]>;
  /** Takes its cable out: both ends notice. */
  cut(): Promise<void>;
  /** Loses all its packets from now on: nobody notices. */
  dropSilently(): Promise<void>;
  /** Undoes `cut` and `dropSilently`. */
  restore(): Promise<void>;
  /** Ends sshd, and with `sessions` the connections that it carries. */
  stopSshd(options?: { sessions?: boolean }): Promise<void>;
  startSshd(): Promise<void>;
  /** Gives it a new host key, as if another machine had taken its place; sshd serves it at once. */
  changeHostKey(): Promise<void>;
  /** What sshd noted. */
  sshdLog(): Promise<string>;
}

export interface MachineProcess {
  /** As this computer counts. */
  readonly pid: number;
  readonly argv: readonly string[];
}

/** As machines.json has it. */
export type MachineEntry = Pick<
  LabMachine,
  'name' | 'address' | 'address6' | 'user' | 'password' | 'pid'
>;

/** `world`: the process in whose network namespace the segment's ports are. */
export function openMachine(entry: MachineEntry, world: number): LabMachine {
  const { name, pid } = entry;
  const entering = ['nsenter', '--target', String(pid), '--mount', '--uts', '--ipc', '--net'];
  const onSegment = (...argv: string[]): Promise<string> =>
    outputOf(['nsenter', '--target', String(world), '--net', ...argv]);
  const inside = (...argv: string[]): Promise<string> =>
    outputOf([...entering, '--pid', '--', ...argv]);

  const isUp = async (): Promise<boolean> =>
    (await onSegment('ip', '-oneline', 'link', 'show', 'dev', name)).includes(' state UP ');

  const machine: LabMachine = {
    ...entry,
    exec: (argv, { user, ...options } = {}) => {
      const as = user === undefined ? [] : ['runuser', '--login', user, '--', 'env', '--'];
      return runProgram([...entering, '--pid', '--', ...as, ...argv], {
        // The engine of the tests is none of its own.
        environment: { ...process.env, DOCKER_HOST: undefined },
        ...options,
      });
    },
    processes: () => readProcesses(pid),
    interfaces: async () =>
      (await inside('ls', '/sys/class/net')).split(/\s+/).filter((found) => found !== ''),
    cut: async () => {
      await onSegment('ip', 'link', 'set', name, 'down');
    },
    // bridge(8): a port that is disabled (0) or forwards (3).
    dropSilently: async () => {
      await onSegment('bridge', 'link', 'set', 'dev', name, 'state', '0');
    },
    restore: async () => {
      await onSegment('ip', 'link', 'set', name, 'up');
      // A moment passes until the kernel counts it as up; before that the bridge refuses (br_set_state() in net/bridge/br_netlink.c).
      while (!(await isUp())) await sleep(10);
      await onSegment('bridge', 'link', 'set', 'dev', name, 'state', '3');
    },
    stopSshd: async ({ sessions = false } = {}) => {
      const listener = Number(await inside('cat', '/run/sshd.pid'));
      await inside('kill', String(listener));
      if (!sessions) return;
      const serving = machine.processes().filter(({ argv }) => argv[0]?.startsWith('sshd: '));
      signalAll(
        serving.map(({ pid }) => pid),
        'SIGKILL',
      );
    },
    startSshd: async () => {
      await inside('/usr/sbin/sshd', '-E', '/var/log/sshd.log');
    },
    changeHostKey: async () => {
      await machine.stopSshd();
      await inside('rm', '/etc/ssh/host_key');
      await inside('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', '/etc/ssh/host_key');
      await machine.startSshd();
    },
    sshdLog: () => inside('cat', '/var/log/sshd.log'),
  };
  return machine;
}

/** The machine's namespace, and those of labs in it: whatever descends from the first process. */
function readProcesses(first: number): MachineProcess[] {
  const parents = new Map<number, number>();
  for (const entry of readdirSync('/proc').filter((found) => /^\d+$/.test(found))) {
    const parent = readParent(Number(entry));
    if (parent !== null) parents.set(Number(entry), parent);
  }
  const descends = (pid: number | undefined): boolean =>
    pid !== undefined && (pid === first || descends(parents.get(pid)));
  return [...parents.keys()]
    .filter((pid) => pid !== first && descends(pid))
    .map((pid) => ({ pid, argv: readArgv(pid) }))
    .filter(({ argv }) => argv.length > 0 && !isMachinesOwn(argv));
}

const isMachinesOwn = (argv: readonly string[]): boolean =>
  argv.join(' ') === 'sleep infinity' || /^sshd: \S+ .*\[listener\]/.test(argv.join(' '));

/** Null when it is gone. */
function readParent(pid: number): number | null {
  try {
    // Its name, in parentheses, may hold anything.
    const [, parent] =
      readFileSync(`/proc/${pid}/stat`, 'latin1').split(/.*\) /s)[1]?.split(' ') ?? [];
    return Number(parent);
  } catch {
    return null;
  }
}

/** Empty when it is gone, or is about to be. */
function readArgv(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      .split('\0')
      .filter((word) => word !== '');
  } catch {
    return [];
  }
}
