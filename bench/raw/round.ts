// One round: a raw endpoint and tcpreplay send the same datagrams of 64-byte frames over one veth pair, as fast as they can
// and at a rate. Prints a line of JSON.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRawEndpoints } from '../../src/agent/raw/raw-endpoints.ts';
import { inNamespace } from '../../src/kernel/namespace.ts';
import { FrameMemory, PacketRing, openRings } from '../../src/kernel/packet-ring.ts';
import type { Instruction, ScriptSpec } from '../../src/model/script.ts';
import { buildUdp } from '../../src/wire/build.ts';
import { ETHERTYPE, buildEthernet } from '../../src/wire/ethernet.ts';
import { encodePcapRecord, writePcapHeader } from '../../src/wire/pcap.ts';
import { createSmallLab } from '../../test/lab/packet/small-lab.ts';

const FLAT_OUT = 600_000;
const TIMED = 10_000;
/** Microseconds. */
const GAP = 100;
const PORT = 9000;
const PAYLOAD = 'twenty-two bytes of it';
const CLIENT = { address: '10.1.0.1', bytes: Uint8Array.of(10, 1, 0, 1) };
const SERVER = { address: '10.1.0.2', bytes: Uint8Array.of(10, 1, 0, 2) };

const lab = createSmallLab({ wire: { members: ['client', 'server'] } });
// What has been counted and seen is not looked at any further, or its cost would be part of the sender's.
lab.run('server', 'nft', 'add table netdev sink');
const chain = 'type filter hook ingress device "server-wire" priority 0; policy drop;';
lab.run('server', 'nft', `add chain netdev sink frames { ${chain} }`);
const flows = [
  { name: 'flat-out', probe: sending(FLAT_OUT, 0) },
  { name: 'timed', probe: sending(TIMED, GAP / 1000) },
].map((flow) => ({
  ...flow,
  from: 'client',
  schedule: { at: 0, after: [], repeat: 1, pace: null, for: null, concurrency: 1 },
}));
const endpoints = createRawEndpoints({ ...lab.context, plan: { ...lab.context.plan, flows } });
const file = join(lab.context.directory, 'datagram.pcap');
writeFileSync(file, capture());

const flatOut = { ours: await sendFlatOut(), replayed: replayFlatOut() };
const gaps = await arrivals(() => play('timed'));
const replayedGaps = await arrivals(() => {
  replay('--pps', String(1e6 / GAP), '--loop', String(TIMED));
});
await endpoints.stop();
lab.close();
for (const event of lab.events) console.error(JSON.stringify(event));
console.log(JSON.stringify({ flatOut, gaps: { ours: gaps, replayed: replayedGaps } }));

function sending(times: number, after: number): ScriptSpec {
  const step = { step: '1', at: null, within: null };
  const send: Instruction = {
    ...{ ...step, op: 'send', channel: 0, after, framing: [] },
    payload: { kind: 'text', text: PAYLOAD },
  };
  const program: Instruction[] = [
    { ...step, op: 'loop', after: 0, times, until: null, body: [send] },
  ];
  return {
    kind: 'script',
    transport: 'raw-udp',
    parties: [
      { name: 'client', node: 'client', program },
      { name: 'server', node: 'server', program: [] },
    ],
    channels: [
      {
        from: 'client',
        to: 'server',
        source: { address: CLIENT.address, port: PORT },
        destination: { address: SERVER.address, port: PORT },
      },
    ],
    timeout: 60_000,
  };
}

/** Microseconds that it took. */
async function play(flow: string): Promise<number> {
  await endpoints.open(flow, 1);
  const [report] = await endpoints.run(flow, 1, null);
  if (report?.failure !== null) throw new Error(`"${flow}" failed: ${report?.detail ?? ''}`);
  return report.end - report.start;
}

/** Packets a second, by the counter of the receiver's interface. */
async function sendFlatOut(): Promise<number> {
  const before = received();
  const micros = await play('flat-out');
  return ((received() - before) / micros) * 1e6;
}

function replayFlatOut(): number {
  const output = replay('--topspeed', '--preload-pcap', '--loop', String(FLAT_OUT));
  return Number(/([\d.]+) pps/.exec(output)?.[1]);
}

function replay(...options: readonly string[]): string {
  return lab.run('client', 'tcpreplay', '--intf1=client-wire', ...options, file);
}

function received(): number {
  const counters = inNamespace(lab.fd('server'), () =>
    readFileSync('/proc/thread-self/net/dev', 'utf8'),
  );
  const line = counters.split('\n').find((text) => text.includes('server-wire:'));
  return Number(line?.trim().split(/\s+/)[2]);
}

/** When each frame came that `action` sent, microseconds: they wait in a ring that holds all of them. */
async function arrivals(action: () => unknown): Promise<number[]> {
  const size = { slotBytes: 2048, slots: 32_768 };
  const memory = new FrameMemory(size.slotBytes * size.slots + 2 ** 20);
  const ring = inNamespace(lab.fd('server'), () => new PacketRing(memory, 'server-wire', size));
  openRings(memory, [ring], size);
  await action();
  const times: number[] = [];
  ring.read(size.slots, {
    onFrame: ({ time, start, end }) => {
      if (end - start === 64) times.push(time);
    },
  });
  ring.close();
  return times.slice(1).map((time, index) => time - (times[index] ?? 0));
}

function capture(): Uint8Array {
  const packet = buildUdp({
    source: { family: 4, bytes: CLIENT.bytes },
    destination: { family: 4, bytes: SERVER.bytes },
    sourcePort: PORT,
    destinationPort: PORT,
    payload: Buffer.from(PAYLOAD),
  });
  const macs = [2, 1].map((host) => Uint8Array.of(2, 0, 0, 0, 1, host));
  const [to = packet, from = packet] = macs;
  const frame = buildEthernet(to, from, ETHERTYPE.ipv4, packet);
  return Buffer.concat([writePcapHeader(), encodePcapRecord(0, frame)]);
}
