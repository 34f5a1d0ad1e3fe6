// Damage of every kind to one packet, in place: 10 million of them are to cost little.
import { type IpAddress, parseIp } from '../../src/base/addresses.ts';
import type { Random } from '../../src/base/random.ts';
import { writeU16, writeU32 } from '../../src/wire/bytes.ts';
import { PacketView } from '../../src/wire/packet.ts';
import { repairChecksums, rewritePacket } from '../../src/wire/rewrite.ts';
import { pick } from './corpus.ts';

const EXTREMES = [0, 1, 0x7f, 0x80, 0xfe, 0xff] as const;
const TIMES = [0, 1, 1, 2, 3, 8] as const;
/** Bytes before the packet and after it, as in a ring. */
const MARGIN = 64;
const FILLER = 0xee;
/** Bytes that damage puts in at once, at most. */
const MOST_INSERTED = 64;
const LONGEST = 65_575;
const FOUR = parsed('10.64.0.0');
const SIX = parsed('fd00::64:0:0');

/** Whose packets these are instead of the corpus's client's. */
export interface Stranger {
  readonly address: (family: 4 | 6) => IpAddress;
  readonly port: number;
}

/** One of very many clients. */
export function stranger(number: number): Stranger {
  const four = FOUR.slice();
  const six = SIX.slice();
  four[3] = six[15] = number;
  four[2] = six[14] = number >>> 8;
  four[1] = six[13] = 64 + ((number >>> 16) & 0x1f);
  return {
    address: (family) => ({ family, bytes: family === 4 ? four : six }),
    port: 1024 + (number % 60_000),
  };
}

/** Holds the one packet that is being damaged: `memory` from `start` to `end`. */
export class Mutator {
  readonly memory: Uint8Array = new Uint8Array(LONGEST + 2 * MARGIN + 8 * MOST_INSERTED);
  readonly start: number = MARGIN;
  end: number = MARGIN;
  readonly #random: Random;
  readonly #view = new PacketView();

  constructor(random: Random) {
    this.#random = random;
  }

  /** The packet, damaged in none to a few places. Often its length and checksums are put right, so that the damage is read. */
  mutate(packet: Uint8Array, client: Stranger | null, clientPort: number): void {
    const random = this.#random;
    const { memory, start } = this;
    memory.fill(FILLER, 0, start);
    memory.set(packet, start);
    this.end = start + packet.length;
    if (client !== null) this.#rename(client, clientPort);
    for (let times = pick(random, TIMES); times > 0; times -= 1) this.#damage();
    memory.fill(FILLER, this.end, this.end + MARGIN);
    if (random.below(4) > 0) this.#repair();
  }

  #rename(client: Stranger, clientPort: number): void {
    const view = this.#view;
    if (!view.load(this.memory, this.start, this.end)) return;
    const other = client.address(view.version);
    // Later fragments and what has no ports: the client is the lower address.
    const isFromClient = view.hasTransport
      ? view.sourcePort === clientPort
      : (this.memory[view.sourceOffset + view.addressLength - 1] ?? 0) < 100;
    const ends = isFromClient
      ? { source: other, destination: view.destination, sourcePort: client.port }
      : { source: view.source, destination: other, destinationPort: client.port };
    rewritePacket(view, ends);
  }

  #damage(): void {
    const random = this.#random;
    const { memory, start, end } = this;
    if (end === start) {
      this.#insert(start, 1 + random.below(MOST_INSERTED));
      return;
    }
    const at = this.#place();
    switch (random.below(8)) {
      case 0:
        memory[at] = (memory[at] ?? 0) ^ (1 << random.below(8));
        return;
      case 1:
        memory[at] = pick(random, EXTREMES);
        return;
      case 2:
        memory[at] = random.below(256);
        return;
      case 3:
        writeU16(memory, Math.max(start, Math.min(at, end - 2)), random.below(65_536));
        return;
      case 4:
        writeU32(memory, Math.max(start, Math.min(at, end - 4)), random.below(2 ** 32));
        return;
      case 5:
        this.end = at;
        return;
      case 6:
        this.#insert(at, 1 + random.below(MOST_INSERTED));
        return;
      default: {
        const next = Math.min(end, at + 1 + random.below(16));
        memory.copyWithin(at, next, end);
        this.end -= next - at;
      }
    }
  }

  #insert(at: number, count: number): void {
    const { memory, end } = this;
    if (end - this.start + count > LONGEST) return;
    memory.copyWithin(at + count, at, end);
    for (let index = at; index < at + count; index += 1) memory[index] = this.#random.below(256);
    this.end += count;
  }

  /** More often in the payload, where most of the readers look. */
  #place(): number {
    const random = this.#random;
    const { start, end } = this;
    const view = this.#view;
    const hasPayload = view.load(this.memory, start, end) && view.payloadEnd > view.payloadStart;
    return hasPayload && random.below(3) > 0
      ? view.payloadStart + random.below(Math.min(200, view.payloadEnd - view.payloadStart))
      : start + random.below(end - start);
  }

  #repair(): void {
    const { memory, start, end } = this;
    const version = (memory[start] ?? 0) >>> 4;
    const length = end - start;
    if (version === 4 && length >= 20) writeU16(memory, start + 2, length);
    if (version === 6 && length >= 40) writeU16(memory, start + 4, length - 40);
    if (this.#view.load(memory, start, end)) repairChecksums(this.#view);
  }
}

function parsed(text: string): Uint8Array {
  const address = parseIp(text);
  if (!address.ok) throw new Error(address.error);
  return address.value.bytes;
}
