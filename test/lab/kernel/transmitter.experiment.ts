import { execFileSync } from 'node:child_process';
import { FrameMemory, PacketRing, openRings } from '../../../src/kernel/packet-ring.ts';
import { Transmitter } from '../../../src/kernel/transmitter.ts';
import { Waiter, clockMicros } from '../../../src/kernel/waiter.ts';
import { readU32, writeU32 } from '../../../src/wire/bytes.ts';

const FRAME_BYTES = 64;
const ROOM = 128;
const NUMBER_AT = 20;
const SIZE = { slotBytes: 2048, slots: 2048 };
const LIMIT_MICROS = 20e6;

const ip = (text: string): unknown => execFileSync('ip', text.split(' '));
ip('link add left type veth peer name right');
for (const name of ['left', 'right']) {
  // Nothing but our own frames.
  execFileSync('sysctl', ['-qw', `net.ipv6.conf.${name}.disable_ipv6=1`]);
  ip(`link set ${name} up`);
}
const memory = new FrameMemory(2 ** 24);
const [left, right] = ['left', 'right'].map((name) => new PacketRing(memory, name, SIZE));
if (left === undefined || right === undefined) throw new Error('Two names make two rings');
openRings(memory, [left, right], SIZE);
const waiter = new Waiter();
waiter.watch(right.fd, 0);
const base = memory.take(SIZE.slots * ROOM);
let sent = 0;
let received = 0;
let isInOrder = true;

/** Numbered frames, at most as many as there is room for. */
function send(count: number): void {
  for (let index = 0; index < count; index += 1) {
    const start = base + (sent % SIZE.slots) * ROOM + 32;
    memory.bytes.fill(0, start - 32, start + FRAME_BYTES);
    memory.bytes.fill(0xff, start, start + 6);
    memory.bytes.set([0x88, 0xb5], start + 12);
    writeU32(memory.bytes, start + NUMBER_AT, sent);
    transmitter.send(left?.fd ?? -1, start, start + FRAME_BYTES);
    sent += 1;
  }
  transmitter.flush();
}

function receive(count: number): number {
  const begun = received;
  const until = clockMicros() + LIMIT_MICROS;
  const handler = {
    onFrame({ start }: { readonly start: number }): void {
      isInOrder &&= readU32(memory.bytes, start + NUMBER_AT) === received;
      received += 1;
    },
  };
  while (received - begun < count && waiter.now < until) {
    waiter.wait(until);
    right?.read(SIZE.slots, handler);
  }
  return received - begun;
}

const transmitter = new Transmitter(memory);
for (const count of [3, 200, 5, 0, 700, 1]) send(count);
const isWhole = receive(sent) === sent;
right.release();

// A ring whose frames are all still held takes none.
const full = SIZE.slots;
send(full);
const filled = receive(full);
const before = received;
send(10);
const limit = clockMicros() + LIMIT_MICROS;
while (right.countDrops() < 10 && clockMicros() < limit)
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
const dropped = right.countDrops();
sent = before;
right.release();
send(10);
const afterwards = receive(10);
for (const ring of [left, right]) ring.close();
waiter.close();
const { lost } = transmitter;
console.log(JSON.stringify({ isWhole, isInOrder, lost, filled, dropped, afterwards }));
