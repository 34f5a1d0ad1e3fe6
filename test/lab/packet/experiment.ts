// Runs one experiment of the packet path in namespaces of its own and prints what came out as JSON. Started by
// packet-paths.test.ts under unshare(1), so that it needs no privileges.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { PacketPaths } from '../../../src/agent/packet/packet-paths.ts';
import { createPacketPaths } from '../../../src/agent/packet/packet-paths.ts';
import { inNamespace } from '../../../src/kernel/namespace.ts';
import { AS_TRIGGER, AT_ONCE, DEFAULT_CENSOR } from '../../../src/model/censor-defaults.ts';
import type { CensorAction } from '../../../src/model/censor.ts';
import type { PlanCensor, PlanNode } from '../../../src/model/plan.ts';
import { CONNECT, ECHO_SERVERS, TRANSFER } from './programs.ts';
import { type LabNetwork, type SmallLab, createSmallLab } from './small-lab.ts';

const [name = '', ...options] = process.argv.slice(2);
const TWO_NETWORKS: Readonly<Record<string, LabNetwork>> = {
  inside: { members: ['client', 'middle'] },
  outside: { members: ['middle', 'server'] },
};
const SLOW_NETWORKS: Readonly<Record<string, LabNetwork>> = {
  ...TWO_NETWORKS,
  outside: { members: ['middle', 'server'], impairment: { delay: 50 } },
};
const RESET: CensorAction = {
  kind: 'reset',
  mode: 'inject',
  direction: 'both',
  sides: 'both',
  count: 1,
  flags: ['RST'],
  offsets: [0],
  ttl: AS_TRIGGER,
  window: AS_TRIGGER,
  ipId: AS_TRIGGER,
  payload: '',
  delay: 0,
  gap: 0,
  repeat: false,
  dropTrigger: true,
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

/** Sends bytes to the server's echo and gives what came back: length, whether equal, milliseconds. */
async function transfer(lab: SmallLab, size: number): Promise<unknown> {
  const server = start(lab, 'server', process.execPath, '-e', ECHO_SERVERS);
  await output(server, 'stdout', 'ready');
  const text = await finish(
    start(lab, 'client', process.execPath, '-e', TRANSFER, '10.2.0.2', '80', String(size)),
  );
  server.kill('SIGKILL');
  return { ...(JSON.parse(text) as object), events: lab.events };
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
  const before = performance.now();
  await paths.stop();
  await paths.stop();
  const stopping = performance.now() - before;
  lab.close();
  return { stopping, events: lab.events };
}

function censorOf(
  path: PlanNode['path'],
  rules: readonly (readonly [
    name: string,
    field: 'tcp.dstport',
    port: number,
    action: CensorAction,
  ])[],
): PlanCensor {
  return {
    name: 'censor',
    on: 'middle',
    position: path === 'kernel' ? 'on-path' : 'in-path',
    ...DEFAULT_CENSOR,
    rules: rules.map(([name, field, port, action]) => ({
      name,
      match: { field, ranges: [[port, port]] },
      actions: [action],
      probability: 1,
      first: null,
      engageAfter: AT_ONCE,
    })),
  };
}

function start(lab: SmallLab, node: string, program: string, ...argv: string[]): ChildProcess {
  return inNamespace(lab.fd(node), () =>
    spawn(program, argv, {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 20_000,
      killSignal: 'SIGKILL',
    }),
  );
}

async function finish(child: ChildProcess): Promise<string> {
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await once(child, 'close');
  return text;
}

/** Resolves with what was written once it holds `wished`, or with all of it when the program has ended. */
function output(child: ChildProcess, stream: 'stdout' | 'stderr', wished: string): Promise<string> {
  let text = '';
  return new Promise((resolve) => {
    child[stream]?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes(wished)) resolve(text);
    });
    child.on('close', () => resolve(text));
    if (child.exitCode !== null) resolve(text);
  });
}
