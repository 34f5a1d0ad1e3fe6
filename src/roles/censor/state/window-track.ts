// What each end of a connection would take, as far as its own segments tell: the acceptability tests of RFC 9293 section 3.10.7.4 and
// PAWS (RFC 7323 section 5), read by a box in the middle. What it has not seen it cannot hold against anybody.
import type { CensorChecks } from '../../../model/censor.ts';
import { readU32, readU8 } from '../../../wire/bytes.ts';
import type { PacketView } from '../../../wire/packet.ts';
import { TCP_OPTION } from '../../../wire/tcp-options.ts';
import { TCP, TCP_FLAG, addSequence, findTcpOption, sequenceDistance } from '../../../wire/tcp.ts';

const { SYN, ACK, RST, FIN } = TCP_FLAG;
/** RFC 7323 section 2.3; what a sender may at most be allowed where its SYN was not seen. */
const MAX_SCALE = 14;

/** What one end has said. */
class End {
  /** Whether a segment of it was seen, and the sequence number after the highest. */
  hasSent = false;
  sent = 0;
  /** Of its SYN; -1 when that was not seen. */
  initial = -1;
  /** What it expects next, and the first sequence number beyond its window, once it has acknowledged anything. */
  hasAcknowledged = false;
  expected = 0;
  edge = 0;
  /** Its window scale option; null when its SYN had none, or was not seen. */
  scale: number | null = null;
  /** Its latest timestamp; -1 before any. */
  timestamp = -1;
}

export class WindowTrack {
  readonly #client = new End();
  readonly #server = new End();

  /** Why the receiver of a segment would not take it, of what is checked; null when it would. */
  fault(
    checks: CensorChecks,
    view: PacketView,
    isForward: boolean,
  ): 'ack' | 'window' | 'timestamp' | null {
    const sender = isForward ? this.#client : this.#server;
    const receiver = isForward ? this.#server : this.#client;
    if (checks.ack && isOddAcknowledgment(view, receiver)) return 'ack';
    // A SYN is outside by nature: it begins what windows are of. An RST is subject to the window, not to PAWS (RFC 7323 section 5.2).
    if ((view.flags & SYN) !== 0) return null;
    if (checks.window && isOutside(view, receiver)) return 'window';
    if (checks.timestamp && (view.flags & RST) === 0 && isOld(view, sender)) return 'timestamp';
    return null;
  }

  /** Learns from a segment that is believed. */
  note(view: PacketView, isForward: boolean): void {
    const sender = isForward ? this.#client : this.#server;
    const receiver = isForward ? this.#server : this.#client;
    const { flags } = view;
    const end = endOf(view);
    if (!sender.hasSent || sequenceDistance(end, sender.sent) > 0) sender.sent = end;
    sender.hasSent = true;
    if ((flags & SYN) !== 0) noteSyn(view, sender);
    if ((flags & RST) !== 0) return;
    if ((flags & ACK) !== 0) noteAcknowledgment(view, sender, receiver);
    const timestamp = timestampOf(view);
    const isLater = sender.timestamp < 0 || sequenceDistance(timestamp, sender.timestamp) > 0;
    if (timestamp >= 0 && isLater) sender.timestamp = timestamp;
  }
}

/** Without the ACK flag nothing but a SYN or an RST is taken; with it, only of what was sent (RFC 9293 section 3.10.7.4). */
function isOddAcknowledgment(view: PacketView, receiver: End): boolean {
  const { flags, acknowledgment } = view;
  if ((flags & RST) !== 0) return false;
  if ((flags & ACK) === 0) return (flags & SYN) === 0;
  if (receiver.hasSent && sequenceDistance(acknowledgment, receiver.sent) > 0) return true;
  // In SYN-SENT, an acknowledgment at or before the own initial sequence number is unacceptable too (section 3.10.7.3).
  const isSyn = (flags & SYN) !== 0 && receiver.initial >= 0;
  return isSyn && sequenceDistance(acknowledgment, receiver.initial) <= 0;
}

function isOutside(view: PacketView, receiver: End): boolean {
  if (!receiver.hasAcknowledged) return false;
  const end = endOf(view);
  const beyond = sequenceDistance(view.sequence, receiver.edge);
  return beyond > 0 || (beyond === 0 && end !== view.sequence) || isBefore(end, receiver.expected);
}

const isBefore = (left: number, right: number): boolean => sequenceDistance(left, right) < 0;

function isOld(view: PacketView, sender: End): boolean {
  if (sender.timestamp < 0) return false;
  const timestamp = timestampOf(view);
  return timestamp >= 0 && isBefore(timestamp, sender.timestamp);
}

function noteSyn(view: PacketView, sender: End): void {
  sender.initial = view.sequence;
  const at = optionOf(view, TCP_OPTION.windowScale);
  sender.scale = at < 0 ? null : Math.min(MAX_SCALE, readU8(view.memory, at + 2));
}

/** Windows of SYNs are not scaled, others only when both ends said so (RFC 7323 section 2.2). They do not shrink (RFC 9293 section 3.8.6). */
function noteAcknowledgment(view: PacketView, sender: End, receiver: End): void {
  const { acknowledgment } = view;
  const edge = addSequence(acknowledgment, view.window * 2 ** scaleOf(view, sender, receiver));
  if (!sender.hasAcknowledged || isBefore(sender.expected, acknowledgment))
    sender.expected = acknowledgment;
  if (!sender.hasAcknowledged || isBefore(sender.edge, edge)) sender.edge = edge;
  sender.hasAcknowledged = true;
}

function scaleOf(view: PacketView, sender: End, receiver: End): number {
  if ((view.flags & SYN) !== 0) return 0;
  if (sender.initial < 0 || receiver.initial < 0) return sender.scale ?? MAX_SCALE;
  return sender.scale === null || receiver.scale === null ? 0 : sender.scale;
}

function endOf(view: PacketView): number {
  const controls = ((view.flags & SYN) !== 0 ? 1 : 0) + ((view.flags & FIN) !== 0 ? 1 : 0);
  return addSequence(view.sequence, view.payloadLength + controls);
}

/** -1 when there is none. */
function timestampOf(view: PacketView): number {
  const at = optionOf(view, TCP_OPTION.timestamps);
  return at < 0 || readU8(view.memory, at + 1) !== 10 ? -1 : readU32(view.memory, at + 2);
}

const optionOf = (view: PacketView, kind: number): number =>
  findTcpOption(view.memory, view.transportStart + TCP.headerLength, view.payloadStart, kind);
