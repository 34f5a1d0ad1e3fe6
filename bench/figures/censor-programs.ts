// Packets through a program that lets all pass, in a process of its own over the pipes of the packet thread, beside the same packets through a rule.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseIp } from '../../src/base/addresses.ts';
import { invariant } from '../../src/base/invariant.ts';
import { PIPE, closeFarEnds, openPipePair, readPipe, writePipe } from '../../src/kernel/pipe.ts';
import { Waiter, clockMicros } from '../../src/kernel/waiter.ts';
import { AT_ONCE, DEFAULT_CENSOR } from '../../src/model/censor-defaults.ts';
import type { Effects } from '../../src/model/middlebox.ts';
import { createCensor } from '../../src/roles/censor/create-censor.ts';
import type { Censor } from '../../src/roles/censor/censor.ts';
import { buildUdp } from '../../src/wire/build.ts';
import { type Figure, median } from '../figure.ts';

const PACKETS = 20_000;
/** Packets of one turn of the packet thread. */
const BATCH = 128;
const ROUNDS = 3;
const HOST = join(import.meta.dirname, '..', '..', 'dist', 'program-host.js');
const PASS = "export default () => 'pass';\n";

export async function measureCensorPrograms(): Promise<readonly Figure[]> {
  const packets = makePackets();
  const asked: number[] = [];
  const ruled: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    ruled.push(throughRules(packets));
    asked.push(await throughProgram(packets));
  }
  const ratio = median(asked.map((rate, index) => rate / (ruled[index] ?? NaN)));
  return [
    {
      what: 'packets/s through a program that passes all ÷ through a rule over their payload',
      value: ratio,
      unit: 'ratio',
      wished: null,
      beside: `${thousands(median(asked))} beside ${thousands(median(ruled))}`,
    },
  ];
}

function throughRules(packets: readonly Uint8Array[]): number {
  const censor = createCensor(
    'bench',
    {
      ...DEFAULT_CENSOR,
      rules: [
        {
          name: 'never',
          match: { field: 'payload.bytes', values: ['ffffffff'], at: null },
          actions: [{ kind: 'drop', direction: 'both', scope: 'packet', after: null }],
          probability: 1,
          first: null,
          engageAfter: AT_ONCE,
        },
      ],
    },
    1,
  );
  const effects: Effects = { emit: () => undefined, report: () => undefined };
  const start = performance.now();
  for (const packet of packets) censor.judge(packet, 0, packet.length, clockMicros(), effects);
  return rateOf(start);
}

async function throughProgram(packets: readonly Uint8Array[]): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-program-'));
  writeFileSync(join(folder, 'pass.mjs'), PASS);
  const pair = openPipePair();
  const child = spawn(process.execPath, [HOST, 'pass.mjs'], {
    cwd: folder,
    stdio: [pair.far.input, pair.far.output, 'inherit'],
  });
  closeFarEnds(pair);
  const waiter = new Waiter();
  waiter.watch(pair.input, 0);
  try {
    const program = {
      ...{ argv: [], files: {}, match: { all: [] }, actions: {}, params: {} },
      ...{ timeout: 60_000, window: 1024 },
    };
    return converse(createCensor('bench', { ...DEFAULT_CENSOR, rules: [], program }, 1), packets, {
      ...pair,
      wait: () => waiter.wait(clockMicros() + 10_000),
    });
  } finally {
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('close', resolve));
    waiter.close();
    rmSync(folder, { recursive: true });
  }
}

interface Ends {
  readonly input: number;
  readonly output: number;
  wait(): void;
}

/** As the packet thread does: a batch is judged, what is to be said is sent, what is there is heard. */
function converse(censor: Censor, packets: readonly Uint8Array[], ends: Ends): number {
  const desk = censor.program;
  invariant(desk, 'The censor has a program');
  const buffer = new Uint8Array(65_536);
  let passed = 0;
  const effects: Effects = { emit: () => (passed += 1), report: () => undefined };
  const link = { wake: () => undefined, end: (reason: string) => invariant(false, reason) };
  let backlog = new Uint8Array(0);
  const turn = (): void => {
    if (backlog.length === 0) backlog = new TextEncoder().encode(lineOf(desk.takeOutput()));
    const sent = backlog.length === 0 ? 0 : writePipe(ends.output, backlog, 0);
    if (sent > 0) backlog = backlog.subarray(sent);
    const length = readPipe(ends.input, buffer, 0);
    if (length > 0) desk.hear(buffer.subarray(0, length), clockMicros());
    else if (length === PIPE.busy) ends.wait();
    else invariant(false, 'The program is there');
  };
  desk.attach(link, clockMicros());
  while (!desk.isReady) turn();
  const start = performance.now();
  let at = 0;
  while (passed < packets.length) {
    // No more wait than may.
    for (let count = 0; count < BATCH && at < packets.length && at - passed < 900; count += 1) {
      const packet = packets[at] ?? new Uint8Array(0);
      censor.judge(packet, 0, packet.length, clockMicros(), effects);
      at += 1;
    }
    turn();
  }
  return rateOf(start);
}

const lineOf = (text: string | null): string => (text === null ? '' : `${text}\n`);
const rateOf = (start: number): number => (PACKETS / (performance.now() - start)) * 1000;
const thousands = (rate: number): string => `${(rate / 1000).toFixed(1)}k/s`;

/** Datagrams of a hundred flows, 500 bytes each. */
function makePackets(): readonly Uint8Array[] {
  const [source, destination] = ['10.0.0.1', '10.0.0.2'].map((text) => parseIp(text));
  invariant(source?.ok && destination?.ok, 'Both are addresses');
  return Array.from({ length: PACKETS }, (_, index) =>
    buildUdp({
      source: source.value,
      destination: destination.value,
      sourcePort: 20_000 + (index % 100),
      destinationPort: 9000,
      payload: new Uint8Array(500).fill(index),
    }),
  );
}
