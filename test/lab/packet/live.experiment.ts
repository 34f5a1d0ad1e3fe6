// Runs one experiment of censors that work while traffic passes, in namespaces of its own, and prints what came out as JSON. Started
// by live.test.ts under unshare(1).
import { setTimeout } from 'node:timers/promises';
import { createPacketPaths } from '../../../src/agent/packet/packet-paths.ts';
import { inNamespace } from '../../../src/kernel/namespace.ts';
import { RawSender } from '../../../src/kernel/nfqueue.ts';
import type { CensorSpec } from '../../../src/model/censor.ts';
import type { PlanCensor } from '../../../src/model/plan.ts';
import { parseIp } from '../../../src/base/addresses.ts';
import { buildTcp } from '../../../src/wire/build.ts';
import { TCP_FLAG } from '../../../src/wire/tcp.ts';
import { RESET, TWO_NETWORKS, censorOf, finish, output, start, transfer } from './drive.ts';
import { CONNECT, ECHO_SERVERS } from './programs.ts';
import { type SmallLab, createSmallLab } from './small-lab.ts';

const [name = ''] = process.argv.slice(2);
const DROP = { kind: 'drop', direction: 'both', scope: 'flow', after: null } as const;
const TRANSFER_BYTES = 20_000_000;
const RELOADS = 20;
const FLOOD = 100_000;
/** SYNs sent before others have their turn. */
const WAVE = 200;
const PAUSE_MS = 2;

const experiments: Readonly<Record<string, () => Promise<unknown>>> = {
  carry,
  unhooked,
  reload,
  flood,
};
console.log(JSON.stringify(await experiments[name]?.()));

async function withCensor(
  censor: PlanCensor,
  action: (lab: SmallLab, change: (spec: CensorSpec) => Promise<void>) => Promise<object>,
  prepare: (lab: SmallLab) => void = () => undefined,
): Promise<unknown> {
  const lab = createSmallLab(TWO_NETWORKS, { middle: 'ring' }, [censor]);
  prepare(lab);
  const paths = createPacketPaths(lab.context, lab.segments);
  let found: object;
  try {
    await paths.start();
    found = await action(lab, (spec) => paths.control(censor.name, { kind: 'reload', spec }));
  } finally {
    await paths.stop();
    lab.close();
  }
  return { ...found, events: lab.events };
}

/** Bytes that no rule minds, of both families, while the node's own interface is captured. */
async function carry(): Promise<unknown> {
  return withCensor(censorOf('ring', [['no-82', 'tcp.dstport', 82, DROP]]), async (lab) => {
    const filter = ['-i', 'middle-inside', '-f', 'tcp port 80', '-s', '96', '-c', '2000'];
    const capture = start(lab, 'middle', 'tshark', '-n', '-q', '-z', 'io,stat,0', ...filter);
    const captured = finish(capture);
    await output(capture, 'stderr', 'Capture started');
    const v4 = await transfer(lab, TRANSFER_BYTES);
    const v6 = await transfer(lab, TRANSFER_BYTES, 'fd00:2::2');
    return { v4, v6, captured: await captured };
  });
}

/** On a node whose kernel takes no filters: the place of the hook is taken, and tc refuses another there. */
async function unhooked(): Promise<unknown> {
  return withCensor(
    censorOf('ring', [['no-82', 'tcp.dstport', 82, DROP]]),
    async (lab) => {
      const v4 = await transfer(lab, TRANSFER_BYTES);
      const v6 = await transfer(lab, TRANSFER_BYTES, 'fd00:2::2');
      return { v4, v6, ...(await connectAll(lab)) };
    },
    (lab) => {
      for (const name of ['middle-inside', 'middle-outside'])
        lab.run('middle', 'tc', 'qdisc', 'add', 'dev', name, 'ingress');
    },
  );
}

/** Rules come and go under a transfer that none of them is about. */
async function reload(): Promise<unknown> {
  const open = censorOf('ring', [['no-81', 'tcp.dstport', 81, RESET]]);
  const closed = censorOf('ring', [
    ['no-81', 'tcp.dstport', 81, RESET],
    ['no-82', 'tcp.dstport', 82, DROP],
  ]);
  return withCensor(open, async (lab, change) => {
    const transferred = transfer(lab, TRANSFER_BYTES);
    for (let round = 0; round < RELOADS; round += 1) await change(round % 2 === 0 ? closed : open);
    await change(closed);
    const server = await transferred;
    return { server, ...(await connectAll(lab)) };
  });
}

/** So many connections begin, under a transfer, that the censor cannot know them all. */
async function flood(): Promise<unknown> {
  return withCensor(censorOf('ring', [['no-81', 'tcp.dstport', 81, RESET]]), async (lab) => {
    const transferred = transfer(lab, TRANSFER_BYTES);
    const sender = inNamespace(lab.fd('client'), () => new RawSender(0));
    // What a full ring loses on a busy machine is sent again, as others: until the censor has met them all.
    for (let sent = 0; flowsOf(lab) < FLOOD; sent += WAVE) {
      for (let index = sent; index < sent + WAVE; index += 1) sendSyn(sender, index);
      await setTimeout(PAUSE_MS);
    }
    const server = await transferred;
    return { server, ...(await connectAll(lab)) };
  });
}

function flowsOf({ events }: SmallLab): number {
  const last = events.findLast((event) => event.kind === 'statistics');
  return last?.kind === 'statistics' ? last.statistics.flows : 0;
}

function sendSyn(sender: RawSender, index: number): void {
  const [source, destination] = ['10.1.0.1', '10.2.0.2'].map((text) => parseIp(text));
  if (!source?.ok || !destination?.ok) return;
  const packet = buildTcp({
    source: source.value,
    destination: destination.value,
    sourcePort: 1024 + (index % 50_000),
    // Discard, and the ports after it: nobody listens.
    destinationPort: 9 + Math.floor(index / 50_000),
    sequence: index,
    flags: TCP_FLAG.SYN,
  });
  const memory = new ArrayBuffer(packet.length);
  new Uint8Array(memory).set(packet);
  sender.send(memory, 4, 0, packet.length);
}

async function connectAll(lab: SmallLab): Promise<{ readonly outcomes: Record<string, string> }> {
  const server = start(lab, 'server', process.execPath, '-e', ECHO_SERVERS);
  await output(server, 'stdout', 'ready');
  const outcomes: Record<string, string> = {};
  for (const port of ['80', '81', '82']) {
    const child = start(lab, 'client', process.execPath, '-e', CONNECT, '10.2.0.2', port);
    outcomes[port] = (await finish(child)).trim();
  }
  server.kill('SIGKILL');
  return { outcomes };
}
