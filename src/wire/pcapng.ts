// Merges pcap files into one pcapng (draft-ietf-opsawg-pcapng): an interface each, with its name, packets in order of time.
import { type ClockRecord, OWN_CLOCK, correctTime } from '../model/machine.ts';
import { type PcapPacket, readPcap, readPcapHeader } from './pcap.ts';

const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const ENHANCED_PACKET = 6;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const OPTION_END = 0;
const IF_NAME = 2;
const IF_TSRESOL = 9;
const SHB_USERAPPL = 4;
/** if_tsresol: a power of ten, here nanoseconds, so that no source loses time. */
const NANOSECONDS = 9;
/** Block type, block length twice. */
const BLOCK_OVERHEAD = 12;
const CHUNK_SIZE = 1 << 20;

export interface NamedPcap {
  /** Becomes if_name, such as `client.inside`. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Of the machine that stamped its packets; absent: times are taken as they are. */
  readonly clock?: ClockRecord;
}

export function mergeToPcapng(captures: readonly NamedPcap[]): Uint8Array {
  const chunks = [...pcapngChunks(captures)];
  const merged = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    merged.set(chunk, at);
    at += chunk.length;
  }
  return merged;
}

/** The same file in pieces of about a mebibyte, for captures too large to hold twice. */
export function* pcapngChunks(
  captures: readonly NamedPcap[],
): Generator<Uint8Array, void, undefined> {
  const sources = captures.flatMap((capture) => {
    const header = readPcapHeader(capture.bytes);
    return header ? [{ ...capture, header }] : [];
  });
  let chunk = new Uint8Array(CHUNK_SIZE);
  let used = 0;
  const blocks = (function* (): Generator<Uint8Array> {
    yield sectionHeader();
    for (const { name, header } of sources)
      yield interfaceDescription(name, header.linkType, header.snaplen);
    for (const [source, packet] of byTime(sources.map(packetsOf)))
      yield enhancedPacket(source, packet);
  })();
  for (const block of blocks) {
    if (used + block.length > chunk.length) {
      yield chunk.subarray(0, used);
      chunk = new Uint8Array(Math.max(CHUNK_SIZE, block.length));
      used = 0;
    }
    chunk.set(block, used);
    used += block.length;
  }
  yield chunk.subarray(0, used);
}

/** With corrected times. */
function* packetsOf({ bytes, clock = OWN_CLOCK }: NamedPcap): Generator<PcapPacket, void> {
  for (const packet of readPcap(bytes)) yield { ...packet, time: correctTime(clock, packet.time) };
}

/** Merges streams that each run forward in time; of equal times the first stream's comes first. */
function* byTime(
  streams: readonly Generator<PcapPacket, void, undefined>[],
): Generator<readonly [source: number, packet: PcapPacket]> {
  const heads = streams.map((stream) => stream.next());
  for (;;) {
    let first = -1;
    let earliest = Infinity;
    for (const [source, head] of heads.entries())
      if (!head.done && head.value.time < earliest) {
        first = source;
        earliest = head.value.time;
      }
    const head = heads[first];
    const stream = streams[first];
    if (!head || head.done || !stream) return;
    yield [first, head.value];
    heads[first] = stream.next();
  }
}

function sectionHeader(): Uint8Array {
  const options = encodeOptions([[SHB_USERAPPL, new TextEncoder().encode('netscenario')]]);
  return block(SECTION_HEADER, 16 + options.length, (bytes, view) => {
    view.setUint32(0, BYTE_ORDER_MAGIC, true);
    view.setUint16(4, 1, true);
    // Section length: not given.
    view.setBigInt64(8, -1n, true);
    bytes.set(options, 16);
  });
}

function interfaceDescription(name: string, linkType: number, snaplen: number): Uint8Array {
  const options = encodeOptions([
    [IF_NAME, new TextEncoder().encode(name)],
    [IF_TSRESOL, Uint8Array.of(NANOSECONDS)],
  ]);
  return block(INTERFACE_DESCRIPTION, 8 + options.length, (bytes, view) => {
    view.setUint16(0, linkType, true);
    view.setUint32(4, snaplen, true);
    bytes.set(options, 8);
  });
}

function enhancedPacket(source: number, packet: PcapPacket): Uint8Array {
  // Beyond 2^53 a double counts no single nanoseconds: whole microseconds and their fraction are put together apart.
  const micros = Math.floor(packet.time);
  const nanos = BigInt(micros) * 1000n + BigInt(Math.round((packet.time - micros) * 1000));
  return block(ENHANCED_PACKET, 20 + padded(packet.data.length), (bytes, view) => {
    view.setUint32(0, source, true);
    view.setUint32(4, Number(nanos >> 32n), true);
    view.setUint32(8, Number(nanos & 0xffff_ffffn), true);
    view.setUint32(12, packet.data.length, true);
    view.setUint32(16, packet.length, true);
    bytes.set(packet.data, 20);
  });
}

function encodeOptions(
  options: readonly (readonly [code: number, value: Uint8Array])[],
): Uint8Array {
  const size = options.reduce((sum, [, value]) => sum + 4 + padded(value.length), 4);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [code, value] of options) {
    view.setUint16(at, code, true);
    view.setUint16(at + 2, value.length, true);
    bytes.set(value, at + 4);
    at += 4 + padded(value.length);
  }
  view.setUint32(at, OPTION_END, true);
  return bytes;
}

/** `size` is the body's, a multiple of four. */
function block(
  type: number,
  size: number,
  fill: (body: Uint8Array, view: DataView) => void,
): Uint8Array {
  const bytes = new Uint8Array(size + BLOCK_OVERHEAD);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, bytes.length, true);
  view.setUint32(bytes.length - 4, bytes.length, true);
  fill(bytes.subarray(8, -4), new DataView(bytes.buffer, 8, size));
  return bytes;
}

const padded = (length: number): number => (length + 3) & ~3;
