// Two network stacks joined by a veth pair, for programs that each believe to be alone on a machine. They last as long as this process.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';

export type MachineName = 'client' | 'server';
export const ADDRESSES = {
  client: { v4: '10.9.0.1', v6: 'fd09::1' },
  server: { v4: '10.9.0.2', v6: 'fd09::2' },
} as const;

export interface TwoMachines {
  /** What a program is started through to be on one of them. */
  through(machine: MachineName): string[];
  /** Starts tcpdump there; gives what it has said so far. */
  watch(machine: MachineName, filter: string): Promise<() => string>;
  close(): Promise<void>;
}

const USER = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
const STAY = ['sh', '-c', 'echo ready; exec cat >/dev/null'];

export async function createTwoMachines(): Promise<TwoMachines> {
  const children: ChildProcess[] = [];
  const start = async (
    argv: readonly string[],
    stream: 'stdout' | 'stderr',
  ): Promise<ChildProcess> => {
    const [program = '', ...rest] = argv;
    const child = spawn(program, rest, { stdio: 'pipe' });
    children.push(child);
    await once(child[stream], 'data');
    return child;
  };
  const enter = ({ pid = 0 }: ChildProcess): string[] => [
    ...['nsenter', '--target', `${pid}`, '--net'],
    ...(USER.length > 0 ? ['--user', '--preserve-credentials'] : []),
  ];
  const client = await start(['unshare', ...USER, '--net', '--', ...STAY], 'stdout');
  const server = await start([...enter(client), 'unshare', '--net', '--', ...STAY], 'stdout');
  const through = (machine: MachineName): string[] => enter({ client, server }[machine]);
  const ip = (machine: MachineName, words: string): void => {
    const [program = '', ...rest] = [...through(machine), 'ip', ...words.split(' ')];
    execFileSync(program, rest);
  };
  ip('client', `link add eth0 type veth peer eth0 netns /proc/${server.pid ?? 0}/ns/net`);
  for (const machine of ['client', 'server'] as const) {
    ip(machine, `address add ${ADDRESSES[machine].v4}/24 dev eth0`);
    ip(machine, `address add ${ADDRESSES[machine].v6}/64 dev eth0 nodad`);
    ip(machine, 'link set lo up');
    ip(machine, 'link set eth0 up');
  }
  return {
    through,
    watch: async (machine, filter) => {
      const dump = ['tcpdump', '-Z', 'root', '-i', 'eth0', '-n', '-q', '-l', '--immediate-mode'];
      const child = await start([...through(machine), ...dump, filter], 'stderr');
      let said = '';
      child.stdout?.on('data', (text: Buffer) => {
        said += text.toString();
      });
      return () => said;
    },
    close: async () => {
      const gone = children.map((child) => once(child, 'close'));
      for (const child of children) {
        child.stdin?.end();
        child.kill();
      }
      await Promise.all(gone);
    },
  };
}
