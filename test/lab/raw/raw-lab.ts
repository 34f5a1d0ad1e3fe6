// Scripts of raw endpoints by hand, and what tshark sees of them, in a small lab of two hosts.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createCaptures } from '../../../src/agent/capture/captures.ts';
import { createRawEndpoints } from '../../../src/agent/raw/raw-endpoints.ts';
import type { RawEndpoints } from '../../../src/agent/raw/site-endpoints.ts';
import { inNamespace } from '../../../src/kernel/namespace.ts';
import type {
  CraftInstruction,
  Instruction,
  Payload,
  PartyReport,
  RawDefaults,
  RawTransport,
  ScriptSpec,
  SendInstruction,
} from '../../../src/model/script.ts';
import type { Plan, PlanCapture } from '../../../src/model/plan.ts';
import { type SmallLab, createSmallLab } from '../packet/small-lab.ts';

/** An instruction without what all of them have. */
export type Step = Instruction extends infer Whole
  ? Whole extends Instruction
    ? Omit<Whole, 'step' | 'after' | 'at' | 'within'> & Partial<Pick<Whole, 'after' | 'within'>>
    : never
  : never;

export const text = (value: string): Payload => ({ kind: 'text', text: value });
export const send = (
  value: string,
  fields: Pick<SendInstruction, 'ip'> | Pick<SendInstruction, 'protocol'> = {},
): Step => ({ op: 'send', channel: 0, payload: text(value), framing: [], ...fields });
export const stream = (value: string): Step => ({
  op: 'send',
  channel: 0,
  payload: text(value),
  framing: 'stream',
});
export const data = (value: string): Step => ({
  op: 'arrive',
  channel: 0,
  wait: true,
  what: { kind: 'data', payload: text(value), size: value.length },
});
export const craft = (fields: Partial<CraftInstruction>): Step => ({
  op: 'craft',
  channel: 0,
  flags: null,
  payload: null,
  sequence: null,
  acknowledgment: null,
  window: null,
  urgentPointer: null,
  options: null,
  checksum: 'right',
  ip: {},
  retransmit: true,
  ...fields,
});
export const segment = (flags: number, length = 0): Step => ({
  op: 'arrive',
  channel: 0,
  wait: true,
  what: { kind: 'segment', flags, length },
});

export const reset = (): Step => ({
  op: 'expect',
  channel: 0,
  pattern: { kind: 'reset' },
  as: null,
});
export const until = (value: string): Step => ({
  op: 'expect',
  channel: 0,
  pattern: { kind: 'until', payload: text(value) },
  as: null,
});
export const expectPacket = (protocol: number): Step => ({
  op: 'expect',
  channel: 0,
  pattern: { kind: 'packet', flags: null, minLength: 0, protocol },
  as: null,
});

export interface ScriptOptions {
  readonly family?: 4 | 6;
  readonly raw?: Partial<RawDefaults>;
  readonly ports?: readonly [client: number, server: number];
  readonly timeout?: number;
}

/** Between client and server of `createRawLab`. */
export function script(
  transport: RawTransport,
  client: readonly Step[],
  server: readonly Step[],
  { family = 4, raw = {}, ports = [40_000, 9000], timeout = 5000 }: ScriptOptions = {},
): ScriptSpec {
  const [from, to] = family === 4 ? ['10.1.0.1', '10.1.0.2'] : ['fd00:1::1', 'fd00:1::2'];
  const program = (steps: readonly Step[]): Instruction[] =>
    steps.map((step, index): Instruction => ({
      step: `${index + 1}`,
      after: 0,
      at: null,
      within: null,
      ...step,
    }));
  return {
    kind: 'script',
    transport,
    parties: [
      { name: 'client', node: 'client', program: program(client) },
      { name: 'server', node: 'server', program: program(server) },
    ],
    channels: [
      {
        from: 'client',
        to: 'server',
        source: { address: from, port: transport === 'raw-ip' ? 0 : ports[0] },
        destination: { address: to, port: transport === 'raw-ip' ? 0 : ports[1] },
      },
    ],
    timeout,
    raw: { ack: 'delayed', retransmit: true, mss: family === 4 ? 1460 : 1440, ...raw },
  };
}

export interface RawLab {
  readonly lab: SmallLab;
  readonly endpoints: RawEndpoints;
  /** Plays a flow once. */
  play(flow: string, attempt?: number): Promise<readonly PartyReport[]>;
  /** What both hosts' interfaces see while `action` runs, one line a packet: fields of tshark's by `;`. */
  watch(action: () => Promise<void>): Promise<Record<'client' | 'server', string[]>>;
  close(): Promise<void>;
}

export function createRawLab(
  scripts: Readonly<Record<string, ScriptSpec>>,
  offload = false,
): RawLab {
  const lab = createSmallLab({ wire: { members: ['client', 'server'], offload } });
  const flows: Plan['flows'] = Object.entries(scripts).map(([name, probe]) => ({
    name,
    from: 'client',
    schedule: { at: 0, after: [], repeat: 1, pace: null, for: null, concurrency: 1 },
    probe,
  }));
  const context = { ...lab.context, plan: { ...lab.context.plan, flows, captures: CAPTURED } };
  mkdirSync(join(lab.context.directory, 'captures'));
  const captures = createCaptures(context);
  const endpoints = createRawEndpoints(context);
  const play = async (flow: string, attempt = 1): Promise<readonly PartyReport[]> => {
    await endpoints.open(flow, attempt);
    return endpoints.run(flow, attempt, null);
  };
  return {
    lab,
    endpoints,
    play,
    async watch(action) {
      await captures.start();
      await action();
      await captures.stop();
      return {
        client: readFields(lab, 'client', FIELDS),
        server: readFields(lab, 'server', FIELDS),
      };
    },
    async close() {
      await endpoints.stop();
      lab.close();
    },
  };
}

/** Sequence numbers are relative to the first of each direction. */
const FIELDS = ['ip.src', 'ipv6.src', 'ip.ttl', 'tcp.flags.str', 'tcp.seq', 'tcp.ack', 'tcp.len'];

const CAPTURED = ['client', 'server'].map((node): PlanCapture => ({
  node,
  network: 'wire',
  interface: `${node}-wire`,
  file: `captures/${node}.pcap`,
  // Neighbours and routers are nobody's script.
  filter: 'not arp and not (ip6 and (ip6[6] = 0 or ip6[6] = 58))',
  snaplen: 65_535,
}));

/** Fields of tshark's for each packet of the node's capture, by `;`. */
export function readFields(lab: SmallLab, node: string, names: readonly string[]): string[] {
  const file = join(lab.context.directory, 'captures', `${node}.pcap`);
  const fields = names.flatMap((field) => ['-e', field]);
  const options = ['-T', 'fields', '-E', 'separator=;', '-o', 'ip.defragment:FALSE'];
  const out = lab.run(node, 'tshark', '-r', file, ...options, ...fields);
  return out.split('\n').filter((line) => line !== '');
}

export function start(
  lab: SmallLab,
  node: string,
  program: string,
  argv: readonly string[],
): ChildProcess {
  return inNamespace(lab.fd(node), () =>
    spawn(program, argv, { stdio: ['ignore', 'pipe', 'pipe'], timeout: 30_000 }),
  );
}

export function said(child: ChildProcess, wished: string): Promise<void> {
  let seen = '';
  return new Promise((resolve, reject) => {
    const look = (chunk: Buffer): void => {
      seen += chunk.toString();
      if (seen.includes(wished)) resolve();
    };
    child.stdout?.on('data', look);
    child.stderr?.on('data', look);
    child.once('close', () => reject(new Error(`Ended before it said "${wished}": ${seen}`)));
  });
}

/** All that it writes on standard output until it ends. */
export async function finish(child: ChildProcess): Promise<string> {
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await once(child, 'close');
  return output.trim();
}

/** Lines of tshark about the node's capture: IP protocol, next header, fragment offset, UDP payload. */
export function datagrams(lab: SmallLab, node: string): string[] {
  return readFields(lab, node, ['ip.proto', 'ipv6.nxt', 'ip.frag_offset', 'udp.length']);
}
