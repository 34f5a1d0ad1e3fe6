// The way out of a lab whose scenario asks for one: slirp4netns(1), a network stack in user space, puts a device in the
// lab's segment and sends what comes out of it from this machine, as any program of this user would.
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { formatPrefix } from '../../base/addresses.ts';
import { Fault } from '../../base/fault.ts';
import type { Plan } from '../../model/plan.ts';
import { UPLINK_DEVICE, uplinkRange } from '../../model/uplink.ts';
import type { Holder } from './local.ts';
import { listProcesses } from './processes.ts';
import { searchPath } from './search-path.ts';

const READY_MS = 10_000;
const LOOK_MS = 5;
const OPEN_TUN = 'Run "sudo chmod 666 /dev/net/tun", or run runner with sudo';

/** The arguments: no way to the machine's own loopback; it ends when descriptor 4 closes, which is when the lab ends. */
export const uplinkArgv = (agentPid: number, range: string): string[] => [
  ...['slirp4netns', '--configure', `--cidr=${range}`, '--mtu=1500', '--disable-host-loopback'],
  ...['--ready-fd=3', '--exit-fd=4', String(agentPid), UPLINK_DEVICE],
];

/** Gives the lab its way out; settles when the device is there. */
export async function startUplink(holder: Holder, plan: Plan): Promise<void> {
  const range = uplinkRange(plan);
  if (!range)
    throw new Fault(
      'machine',
      'The networks of the scenario leave no range of addresses for the uplink',
      {
        help: 'Leave 198.18.0.0/24 out of every subnet',
      },
    );
  await startUplinkIn(holder, formatPrefix(range));
}

/** The same with the range of addresses that the uplink is to have. */
export async function startUplinkIn(holder: Holder, range: string): Promise<void> {
  const [program = '', ...rest] = uplinkArgv(await agentOf(holder), range);
  const child = spawn(program, rest, {
    // The holder's fourth stream is the lab's end of a pair that closes with the lab.
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', holder.stdio[3]],
    detached: true,
    env: { PATH: searchPath() },
  });
  try {
    await isReady(child);
  } finally {
    // Node waits for the holder's streams to end, and does not read one that it has handed to another process.
    holder.stdio[3].destroy();
  }
  child.unref();
}

/** The agent's pid; a holder that was only just started has none yet. */
async function agentOf(holder: Holder): Promise<number> {
  for (const end = performance.now() + READY_MS; performance.now() < end;) {
    const agent = listProcesses().find(({ parent }) => parent === holder.pid);
    if (agent) return agent.pid;
    if (holder.exitCode !== null || holder.signalCode !== null) break;
    await sleep(LOOK_MS);
  }
  throw new Fault('run', 'The lab ended before its uplink began');
}

/** Settles when it has written to its descriptor 3; throws what it said when it ends or is silent instead. */
function isReady(child: ChildProcess): Promise<void> {
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => void (said += text));
  return new Promise((resolve, reject) => {
    const fail = (reason: string, help: string): void => {
      clearTimeout(timer);
      reject(new Fault('machine', `The uplink cannot be made: ${reason}`, { help }));
    };
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      fail(`slirp4netns was not ready within ${READY_MS} ms`, 'Run "runner doctor"');
    }, READY_MS);
    child.on('error', (error) => {
      fail(error.message, 'Run "sudo apt-get install slirp4netns"');
    });
    child.on('close', () => {
      const help = said.includes('/dev/net/tun') ? OPEN_TUN : 'Run "runner doctor"';
      fail(`slirp4netns ended: ${said.trim().replaceAll('\n', ', ')}`, help);
    });
    child.stdio[3]?.on('data', () => {
      clearTimeout(timer);
      for (const stream of child.stdio) stream?.destroy();
      resolve();
    });
  });
}
