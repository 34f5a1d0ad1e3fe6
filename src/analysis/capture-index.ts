// One pass over a capture: its TCP and UDP conversations by five-tuple, and the ICMP errors about them.
import { type IpAddress, parseIp } from '../base/addresses.ts';
import { type ClockRecord, OWN_CLOCK, correctTime } from '../model/machine.ts';
import type { FiveTuple } from '../model/observation.ts';
import { findIpHeader } from '../wire/ethernet.ts';
import { IP_PROTOCOL } from '../wire/ip-protocol.ts';
import { PacketView } from '../wire/packet.ts';
import { LINKTYPE, readPcap, readPcapHeader } from '../wire/pcap.ts';
import type { CaptureFile } from './evidence.ts';
import { type IcmpNotice, readIcmpNotice } from './icmp-notice.ts';
import { SeenPacket } from './seen-packet.ts';

/** Microseconds since the epoch, both ends included. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** All packets between two endpoints in one capture. */
export interface Conversation {
  readonly protocol: number;
  /** The endpoint that sent the first packet seen. */
  readonly near: Endpoint;
  readonly far: Endpoint;
  readonly frames: number[];
  readonly times: number[];
  /** Where each packet's IP header starts and its captured bytes end, in the file, and its length there on the wire. */
  readonly starts: number[];
  readonly ends: number[];
  readonly lengths: number[];
}

export interface Endpoint {
  readonly address: Uint8Array;
  readonly port: number;
}

export interface CaptureIndex {
  readonly file: CaptureFile;
  /** Every conversation, in order of first packets. */
  readonly conversations: readonly Conversation[];
  readonly notices: readonly IcmpNotice[];
  find(tuple: FiveTuple): Conversation | null;
  /** The conversation's packets in the window, in order; `initiator` decides which are forward. */
  packets(conversation: Conversation, initiator: Endpoint, window: Window): SeenPacket[];
}

/** All times of it are corrected by the clock that its packets are stamped with. */
export function indexCapture(file: CaptureFile, clock: ClockRecord = OWN_CLOCK): CaptureIndex {
  const { bytes } = file;
  const buckets = new Map<number, Conversation[]>();
  const conversations: Conversation[] = [];
  const notices: IcmpNotice[] = [];
  const view = new PacketView();
  const linkType = readPcapHeader(bytes)?.linkType ?? LINKTYPE.LINKTYPE_ETHERNET;
  for (const { frame, time: stamped, data, length } of readPcap(bytes)) {
    const time = correctTime(clock, stamped);
    const start = data.byteOffset - bytes.byteOffset;
    const end = start + data.length;
    const ip = ipStart(bytes, start, end, linkType);
    if (ip < 0 || !view.load(bytes, ip, end, length - (ip - start))) continue;
    const notice = readIcmpNotice(view, frame, time);
    if (notice) notices.push(notice);
    if (!view.isTcp && !view.isUdp) continue;
    const conversation = conversationOf(view, buckets, conversations);
    conversation.frames.push(frame);
    conversation.times.push(time);
    conversation.starts.push(ip);
    conversation.ends.push(end);
    conversation.lengths.push(length - (ip - start));
  }
  return {
    file,
    conversations,
    notices,
    find: (tuple) => findConversation(tuple, buckets),
    packets: (conversation, initiator, window) =>
      readPackets(file, conversation, initiator, window),
  };
}

export function endpointOf(address: string, port: number): Endpoint | null {
  const parsed = parseIp(address);
  return parsed.ok ? { address: parsed.value.bytes, port } : null;
}

export const sameEndpoint = (left: Endpoint, right: Endpoint): boolean =>
  left.port === right.port && sameBytes(left.address, right.address);

export const addressOf = ({ address }: Endpoint): IpAddress => ({
  family: address.length === 4 ? 4 : 6,
  bytes: address,
});

function readPackets(
  { bytes, capture }: CaptureFile,
  conversation: Conversation,
  initiator: Endpoint,
  { from, to }: Window,
): SeenPacket[] {
  const { frames, times, starts, ends, lengths } = conversation;
  const view = new PacketView();
  const packets: SeenPacket[] = [];
  for (const [index, time] of times.entries()) {
    if (time < from || time > to) continue;
    const start = starts[index] ?? 0;
    if (!view.load(bytes, start, ends[index] ?? 0, lengths[index] ?? 0)) continue;
    const forward =
      view.sourcePort === initiator.port &&
      equalAt(bytes, view.sourceOffset, view.addressLength, initiator.address);
    const place = { capture, frame: frames[index] ?? 0, time };
    packets.push(new SeenPacket(view, place, forward));
  }
  return packets;
}

function conversationOf(
  view: PacketView,
  buckets: Map<number, Conversation[]>,
  conversations: Conversation[],
): Conversation {
  const { memory, sourceOffset, destinationOffset, addressLength, sourcePort, destinationPort } =
    view;
  const key =
    endpointHash(memory, sourceOffset, addressLength, sourcePort) ^
    endpointHash(memory, destinationOffset, addressLength, destinationPort);
  let bucket = buckets.get(key);
  if (!bucket) buckets.set(key, (bucket = []));
  const isAt = ({ address, port }: Endpoint, offset: number, at: number): boolean =>
    port === at && equalAt(memory, offset, addressLength, address);
  for (const known of bucket)
    if (
      known.protocol === view.protocol &&
      ((isAt(known.near, sourceOffset, sourcePort) &&
        isAt(known.far, destinationOffset, destinationPort)) ||
        (isAt(known.far, sourceOffset, sourcePort) &&
          isAt(known.near, destinationOffset, destinationPort)))
    )
      return known;
  const conversation: Conversation = {
    protocol: view.protocol,
    near: { address: view.source.bytes, port: sourcePort },
    far: { address: view.destination.bytes, port: destinationPort },
    frames: [],
    times: [],
    starts: [],
    ends: [],
    lengths: [],
  };
  bucket.push(conversation);
  conversations.push(conversation);
  return conversation;
}

function findConversation(
  tuple: FiveTuple,
  buckets: ReadonlyMap<number, readonly Conversation[]>,
): Conversation | null {
  const source = endpointOf(tuple.source, tuple.sourcePort);
  const destination = endpointOf(tuple.destination, tuple.destinationPort);
  if (!source || !destination) return null;
  const hash = ({ address, port }: Endpoint): number =>
    endpointHash(address, 0, address.length, port);
  const protocol = IP_PROTOCOL[tuple.protocol];
  const found = buckets
    .get(hash(source) ^ hash(destination))
    ?.find(
      (known) =>
        known.protocol === protocol &&
        ((sameEndpoint(known.near, source) && sameEndpoint(known.far, destination)) ||
          (sameEndpoint(known.far, source) && sameEndpoint(known.near, destination))),
    );
  return found ?? null;
}

/** Where the IP header starts, or -1. */
/** Where the IP header of a frame is; negative when there is none. */
export function ipStart(bytes: Uint8Array, start: number, end: number, linkType: number): number {
  switch (linkType) {
    case LINKTYPE.LINKTYPE_ETHERNET:
      return findIpHeader(bytes, start, end);
    case LINKTYPE.LINKTYPE_RAW:
      return start;
    case LINKTYPE.LINKTYPE_NULL:
      return start + 4;
    case LINKTYPE.LINKTYPE_LINUX_SLL:
      return start + 16;
    default:
      return -1;
  }
}

function endpointHash(memory: Uint8Array, at: number, size: number, port: number): number {
  let hash = 0x811c9dc5 ^ port;
  for (let index = 0; index < size; index += 1)
    hash = Math.imul(hash ^ (memory[at + index] ?? 0), 0x01000193);
  return hash;
}

function equalAt(memory: Uint8Array, at: number, size: number, bytes: Uint8Array): boolean {
  if (bytes.length !== size) return false;
  for (let index = 0; index < size; index += 1)
    if (memory[at + index] !== bytes[index]) return false;
  return true;
}

const sameBytes = (left: Uint8Array, right: Uint8Array): boolean =>
  equalAt(left, 0, left.length, right);
