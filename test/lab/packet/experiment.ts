// Runs one experiment of the packet path in namespaces of its own and prints what came out as JSON. Started by
// packet-paths.test.ts under unshare(1), so that it needs no privileges.
import { readdirSync } from 'node:fs';
import type { PacketPaths } from '../../../src/agent/packet/packet-paths.ts';
import { createPacketPaths } from '../../../src/agent/packet/packet-paths.ts';
import type { PlanNode } from '../../../src/model/plan.ts';
import { RESET, TWO_NETWORKS, censorOf, finish, output, start, transfer } from './drive.ts';
import { CONNECT, ECHO_SERVERS } from './programs.ts';
import { type LabNetwork, type SmallLab, createSmallLab } from './small-lab.ts';

const [name = '', ...options] = process.argv.slice(2);
const SLOW_NETWORKS: Readonly<Record<string, LabNetwork>> = {
  ...TWO_NETWORKS,
  outside: { members: ['middle', 'server'], impairment: { delay: 50 } },
};
const SERVERS = ['10.2.0.2', 'fd00:2::2'];

const experiments: Readonly<Record<string, () => Promise<unknown>>> = {
  forward: forwardThroughRing,
  censor: () => meetCensor(options[0] as PlanNode['path'], options[1] === 'nat'),
  throttle: () => meetThrottle(options[0] as PlanNode['path']),
  offload: transferWithOffload,
  switch: joinThreeMembers,
  drain: stopWithFramesUnderWay,
};
const result = await experiments[name]?.();
console.log(JSON.stringify(result));

async function withPaths<T>(lab: SmallLab, action: (paths: PacketPaths) => Promise<T>): Promise<T> {
  const paths = createPacketPaths(lab.context, lab.segments);
  try {
    await paths.start();
    return await action(paths);
  } finally {
    await paths.stop();
    lab.close();
  }
}

async function forwardThroughRing(): Promise<unknown> {
  const networks = { ...TWO_NETWORKS, outside: { members: ['middle', 'server'], mtu: 1400 } };
  const lab = createSmallLab(networks, { middle: 'ring' });
  return withPaths(lab, async () => {
    const filter = ['-i', 'middle-outside', '-c', '1', '-f', 'icmp[icmptype] = icmp-echo'];
    const capture = start(lab, 'middle', 'tshark', '-n', '-l', ...filter);
    const seen = output(capture, 'stdout', 'Echo (ping) request');
    await output(capture, 'stderr', 'Capture started');
    const ping = (...argv: string[]): Promise<string> =>
      finish(start(lab, 'client', 'ping', '-n', '-c', '2', '-i', '0.2', '-W', '2', ...argv));
    return {
      through: await Promise.all(SERVERS.map((server) => ping(server))),
      captured: await seen,
      expired: await Promise.all(SERVERS.map((server) => ping('-t', '1', server))),
      tooBig: await Promise.all(SERVERS.map((server) => ping('-M', 'do', '-s', '1440', server))),
      fragmented: await ping('-M', 'dont', '-s', '3000', '10.2.0.2'),
      unknown: await Promise.all(
        ['10.99.0.1', 'fd00:99::1', '10.2.0.77', 'fd00:2::77'].map((to) => ping(to)),
      ),
      own: await Promise.all(['10.2.0.1', 'fd00:2::1'].map((to) => ping(to))),
    };
  });
}

/** TCP to port 81 is reset, UDP to 9999 is dropped, anything else passes. */
async function meetCensor(path: PlanNode['path'], hasNat: boolean): Promise<unknown> {
  const censor = censorOf(path, [
    ['no-81', 'tcp.dstport', 81, RESET],
    ['no-82', 'tcp.dstport', 82, { kind: 'drop', direction: 'both', scope: 'packet', after: null }],
  ]);
  const lab = createSmallLab(
    // The far network is slow enough for a censor beside the path to win its race.
    path === 'kernel' ? SLOW_NETWORKS : TWO_NETWORKS,
    { middle: path },
    [censor],
    hasNat ? { middle: 'outside' } : {},
  );
  return withPaths(lab, async () => {
    if (hasNat)
      lab.run(
        'middle',
        'nft',
        'add table ip nat; add chain ip nat post { type nat hook postrouting priority srcnat; }; add rule ip nat post oifname middle-outside masquerade',
      );
    const server = start(lab, 'server', process.execPath, '-e', ECHO_SERVERS);
    await output(server, 'stdout', 'ready');
    const connect = async (host: string, port: number): Promise<string> =>
      (
        await finish(start(lab, 'client', process.execPath, '-e', CONNECT, host, String(port)))
      ).trim();
    const outcomes: Record<string, string> = {};
    for (const host of SERVERS)
      for (const port of [80, 81, 82]) outcomes[`${host} ${port}`] = await connect(host, port);
    const peer = await connect('10.2.0.2', 83);
    server.kill('SIGKILL');
    return { outcomes, peer, events: lab.events };
  });
}

async function meetThrottle(path: PlanNode['path']): Promise<unknown> {
  const censor = censorOf(path, [
    [
      'slow',
      'tcp.dstport',
      80,
      { kind: 'throttle', mode: 'shape', rate: 8e6, burst: 10_000, direction: 'both', per: 'flow' },
    ],
  ]);
  const lab = createSmallLab(TWO_NETWORKS, { middle: path }, [censor]);
  return withPaths(lab, () => transfer(lab, 400_000));
}

async function transferWithOffload(): Promise<unknown> {
  const networks = {
    inside: { members: ['client', 'middle'], offload: true },
    outside: { members: ['middle', 'server'], offload: true },
  };
  const lab = createSmallLab(networks, { middle: 'ring' }, [censorOf('ring', [])]);
  return withPaths(lab, () => transfer(lab, 20_000_000));
}

async function joinThreeMembers(): Promise<unknown> {
  const lan = { members: ['a', 'b', 'c'], impairment: { delay: 10, rate: 50e6 } };
  const lab = createSmallLab({ lan });
  return withPaths(lab, async (paths) => {
    const links = await paths.measure();
    const ping = (from: string, to: string): Promise<string> =>
      finish(start(lab, from, 'ping', '-n', '-c', '3', '-i', '0.2', to));
    return {
      links,
      pings: await Promise.all([
        ping('a', '10.1.0.2'),
        ping('b', '10.1.0.3'),
        ping('c', 'fd00:1::1'),
      ]),
      // Asked of all: each answers with its own address.
      group: await finish(
        start(lab, 'a', 'ping', '-n', '-c', '2', '-i', '0.5', '-I', 'a-lan', 'ff02::1'),
      ),
    };
  });
}

async function stopWithFramesUnderWay(): Promise<unknown> {
  const lab = createSmallLab({ lan: { members: ['a', 'b'], impairment: { delay: 5000 } } });
  const paths = createPacketPaths(lab.context, lab.segments);
  await paths.start();
  await finish(start(lab, 'a', 'ping', '-n', '-c', '1', '-W', '1', '10.1.0.2'));
  const threads = countThreads();
  const before = performance.now();
  const stopped = paths.stop();
  // Once the thread has ended, and before this one has heard of it.
  while (countThreads() >= threads) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
  await Promise.all([stopped, paths.stop()]);
  await paths.stop();
  const stopping = performance.now() - before;
  lab.close();
  return { stopping, events: lab.events };
}

function countThreads(): number {
  return readdirSync('/proc/self/task').length;
}
