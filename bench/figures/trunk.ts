import { execFile, execFileSync, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { promisify } from 'node:util';
import { disableOffloads } from '../../src/kernel/device.ts';
import { createNetworkNamespace, inNamespace } from '../../src/kernel/namespace.ts';
import { enterArgv } from '../../src/lab/enter.ts';
import { acrossPlan, buildAcross, createMachines } from '../../test/lab/lab/underlays.ts';
import { recordOf } from '../../test/lab/lab/labs.ts';
import { type Figure, median } from '../figure.ts';
import { inScratch } from '../scenarios.ts';

/** Taken in turns, so that a busy machine is busy for both. */
const ROUNDS = 3;
const SECONDS = 2;

/** A wrapper puts a program where it is to run. */
type Place = (argv: readonly string[]) => readonly string[];

/**
 * TCP between hosts on two machines, which are two namespaces joined by a veth pair of default settings, beside TCP over a veth
 * pair between two hosts. Hosts have real MTU-sized segments on both.
 */
export async function measureTrunk(): Promise<readonly Figure[]> {
  return inScratch(async (folder) => {
    const machines = createMachines(2);
    const pair = createPair();
    const { labs } = await buildAcross(machines, acrossPlan({ hosts: [1, 1] }), folder);
    try {
      const node =
        (index: number): Place =>
        (argv) =>
          enterArgv(recordOf(labs[index]?.id ?? ''), `m${index}h0`, argv);
      const inPair =
        (index: number): Place =>
        (argv) => ['nsenter', `--net=/proc/${process.pid}/fd/${pair[index] ?? -1}`, '--', ...argv];
      const veth: number[] = [];
      const trunk: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        veth.push(await throughput(inPair(0), inPair(1), '10.80.0.2'));
        trunk.push(await throughput(node(0), node(1), '10.78.2.1'));
      }
      return [
        {
          what: 'VXLAN between two machines ÷ a veth pair between two hosts',
          value: median(trunk.map((value, round) => value / (veth[round] ?? NaN))),
          unit: 'ratio',
          wished: { atLeast: 0.6 },
          beside: `${gigabits(median(trunk))} beside ${gigabits(median(veth))}`,
        },
      ];
    } finally {
      await Promise.all(labs.map((lab) => lab.close()));
      pair.forEach((fd) => closeSync(fd));
      machines.close();
    }
  });
}

function createPair(): readonly number[] {
  const fds = [createNetworkNamespace(), createNetworkNamespace()] as const;
  const run = (fd: number, line: string): void =>
    void inNamespace(fd, () => execFileSync('ip', line.split(' ')));
  run(
    fds[0],
    `link add left mtu 1430 type veth peer name right mtu 1430 netns /proc/${process.pid}/fd/${fds[1]}`,
  );
  for (const [index, name] of ['left', 'right'].entries()) {
    const fd = fds[index] ?? -1;
    run(fd, `address add 10.80.0.${index + 1}/24 dev ${name}`);
    inNamespace(fd, () => disableOffloads(name));
    run(fd, `link set ${name} up`);
  }
  return fds;
}

/** Bits per second of TCP payload, by iperf3(1). */
async function throughput(from: Place, to: Place, address: string): Promise<number> {
  const [server = '', ...options] = to(['iperf3', '-s', '-1', '--forceflush']);
  const child = spawn(server, options, { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = new Promise((resolve) => child.on('close', resolve));
  await new Promise((resolve) => child.stdout.once('data', resolve));
  child.stdout.resume();
  const [client = '', ...rest] = from(['iperf3', '-c', address, '-t', String(SECONDS), '-J']);
  const { stdout } = await promisify(execFile)(client, rest, { maxBuffer: 2 ** 24 });
  await ended;
  const { end } = JSON.parse(stdout) as { end: { sum_received: { bits_per_second: number } } };
  return end.sum_received.bits_per_second;
}

const gigabits = (value: number): string => `${(value / 1e9).toFixed(2)} Gbit/s`;
