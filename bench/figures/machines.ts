import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fault } from '../../src/base/fault.ts';
import type { FarMachine } from '../../src/lab/far/far-machine.ts';
import { fetchFile } from '../../src/lab/far/files/fetch-file.ts';
import { openFarMachine } from '../../src/lab/far/open-far-machine.ts';
import { startSession } from '../../src/lab/session.ts';
import { LOCAL } from '../../src/model/machine.ts';
import { time } from '../command.ts';
import { type Figure, median } from '../figure.ts';
import { type BenchSshd, startSshd } from '../sshd.ts';

const RUNS = 5;
const AT_ONCE = 10;
const FILE_BYTES = 256 * 1024 * 1024;

/** Machines over a real sshd on loopback: how soon an agent answers there, and how fast a file comes from there. */
export async function measureMachines(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'runner-bench-machines-'));
  const sshd = await startSshd(folder);
  try {
    return [...(await measureStart(sshd)), await measureFetch(sshd, folder)];
  } finally {
    sshd.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureStart(sshd: BenchSshd): Promise<readonly Figure[]> {
  // Brings the bundle there.
  await timeStart(sshd, 1);
  const ones: Start[] = [];
  const tens: Start[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    ones.push(await timeStart(sshd, 1));
    tens.push(await timeStart(sshd, AT_ONCE));
  }
  const one = median(ones.map(({ seconds }) => seconds));
  const ten = median(tens.map(({ seconds }) => seconds));
  const own = median(tens.map(({ processor }) => processor)) / AT_ONCE;
  const node = median(await timeNode());
  return [
    {
      what: 'a machine over ssh: connect, start the agent, its first word; the bundle is there',
      value: one,
      unit: 's',
      wished: { atMost: 0.5 },
      beside: `node -e 0: ${node.toFixed(2)} s`,
    },
    {
      what: `${AT_ONCE} machines at once ÷ one`,
      value: ten / one,
      unit: 'ratio',
      wished: { atMost: 2 },
      beside: `${ten.toFixed(2)} s beside ${one.toFixed(2)} s; of this machine's processors the far sides have their share, and runner itself ${(own * 1000).toFixed(0)} ms a machine`,
    },
  ];
}

async function timeNode(): Promise<number[]> {
  const seconds: number[] = [];
  for (let run = 0; run < RUNS; run += 1)
    seconds.push((await time([process.execPath, '-e', '0'])).seconds);
  return seconds;
}

/** In seconds. */
interface Start {
  readonly seconds: number;
  /** Processor time of this process, all its threads. */
  readonly processor: number;
}

/** From nothing to the first word of as many agents; they are ended outside the measured time. */
async function timeStart(sshd: BenchSshd, count: number): Promise<Start> {
  const before = process.cpuUsage();
  const started = performance.now();
  const starting = Array.from({ length: count }, (_, index) => startOne(sshd, `m${index + 1}`));
  const ends = await Promise.all(starting);
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(before);
  await Promise.all(ends.map((end) => end()));
  return { seconds, processor: (user + system) / 1e6 };
}

/** Gives what ends it. */
async function startOne(sshd: BenchSshd, name: string): Promise<() => Promise<void>> {
  const machine = await open(sshd, name);
  const labId = randomBytes(4).toString('hex');
  const lab = { labId, scenario: 'bench', keepable: false, deadMan: 10_000, uplink: null };
  const agent = await machine.startAgent(lab);
  const session = await startSession(agent, {
    labId,
    onEvent: () => undefined,
    onLog: () => undefined,
    explainRefusal: (detail) => new Fault('machine', detail),
  });
  return async () => {
    await session.close();
    machine.close();
  };
}

const open = (
  { port, user, identity, knownHosts }: BenchSshd,
  name: string,
): Promise<FarMachine> => {
  const way = { host: '127.0.0.1', port, user, jumps: null };
  return openFarMachine({
    machine: { ...LOCAL, name, ssh: { ...way, identities: [identity], knownHosts: [knownHosts] } },
    folder: '/',
    ask: () => Promise.resolve(null),
  });
};

/** In turns with scp(1), each with a connection of its own, as its program has; ours checks the checksum as well. */
async function measureFetch(sshd: BenchSshd, folder: string): Promise<Figure> {
  const from = join(folder, 'capture.pcap');
  // Random, so that nothing on the way can make it smaller.
  const content = randomBytes(FILE_BYTES);
  writeFileSync(from, content);
  const sha256 = createHash('sha256').update(content).digest('hex');
  const file = { from, to: join(folder, 'ours.pcap'), bytes: FILE_BYTES, sha256 };
  const ours: number[] = [];
  const scp: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    rmSync(file.to, { force: true });
    const started = performance.now();
    const machine = await open(sshd, 'm1');
    await fetchFile(machine, file);
    machine.close();
    ours.push((performance.now() - started) / 1000);
    scp.push((await time(scpArgv(sshd, from, join(folder, 'scp.pcap')))).seconds);
  }
  const rate = (seconds: number): string => `${(FILE_BYTES / seconds / 1e6).toFixed(0)} MB/s`;
  return {
    what: 'a capture of 256 MiB from a machine over ssh, checked: rate ÷ that of scp',
    value: median(scp) / median(ours),
    unit: 'ratio',
    wished: { atLeast: 0.8 },
    beside: `${rate(median(ours))} beside ${rate(median(scp))}`,
  };
}

const scpArgv = (
  { port, user, identity, knownHosts }: BenchSshd,
  from: string,
  to: string,
): string[] => [
  ...['scp', '-q', '-F', 'none', '-P', String(port), '-i', identity],
  ...['-o', `UserKnownHostsFile=${knownHosts}`, '-o', 'BatchMode=yes'],
  ...[`${user}@127.0.0.1:${from}`, to],
];
