// Packets that pretend to come from the other end, with sequence numbers that the receiving stack accepts.
//
// A reset counts only when its sequence number is exactly what the receiver expects next: "If the RST bit is set and the sequence number
// exactly matches the next expected sequence number (RCV.NXT), then TCP endpoints MUST reset the connection"; one that is merely inside the
// window draws a challenge ACK (RFC 9293 section 3.10.7.4, after RFC 5961 section 3.2). In SYN-SENT it is the acknowledgment that must fit
// (section 3.10.7.3).
import { buildTcp } from '../../../wire/build.ts';
import type { PacketView } from '../../../wire/packet.ts';
import { TCP_FLAG, addSequence, sequenceDistance } from '../../../wire/tcp.ts';
import type { SequenceTrack } from '../state/sequence-track.ts';

/** The sequence number after a segment: SYN and FIN take one each (RFC 9293 section 3.4). */
export function segmentEnd(view: PacketView): number {
  const controls =
    ((view.flags & TCP_FLAG.SYN) !== 0 ? 1 : 0) + ((view.flags & TCP_FLAG.FIN) !== 0 ? 1 : 0);
  return addSequence(view.sequence, view.payloadLength + controls);
}

/** What is known of a connection's two directions. */
export interface Connection {
  /** What the server expects of the client, and the client of the server. */
  readonly forward: SequenceTrack;
  readonly reverse: SequenceTrack;
  /** The client's maximum segment size; 0 when its SYN was not seen. */
  readonly maximumSegment: number;
}

/** What a trigger tells about a connection, from which resets and pages are forged. */
export interface Trigger {
  readonly flow: Connection;
  readonly view: PacketView;
  readonly isForward: boolean;
  /** Whether the trigger is kept from its receiver. */
  readonly isDropped: boolean;
  /** Whether the flow has been reset before: then what was said last, by the sender itself, is trusted over what was let through. */
  readonly isRepeated: boolean;
}

/** What a forged segment looks like, apart from where it belongs. */
export interface SegmentShape {
  readonly ttl: number;
  readonly window: number;
  readonly ipId: number;
  readonly payload?: Uint8Array;
}

export interface ResetShape extends SegmentShape {
  /** Bits of `TCP_FLAG`, RST among them. ACK is set or cleared where the receiver's state asks for it. */
  readonly flags: number;
  /** Added to the sequence number that the receiver expects. */
  readonly offset: number;
}

/** The next sequence number that the sender of the trigger expects of its peer. */
export function expectedBySender(trigger: Trigger): number {
  const { flow, view, isForward, isRepeated } = trigger;
  const track: SequenceTrack = isForward ? flow.reverse : flow.forward;
  const isAhead = track.isKnown && sequenceDistance(track.next, view.acknowledgment) > 0;
  return isAhead && !isRepeated ? track.next : view.acknowledgment;
}

/** An RST for one side that reads as sent by the other, or null where no connection is there to reset. */
export function forgeReset(
  trigger: Trigger,
  side: 'client' | 'server',
  shape: ResetShape,
): Uint8Array | null {
  const place = placeReset(trigger, side, (shape.flags & TCP_FLAG.ACK) !== 0);
  if (place === null) return null;
  const { sequence, acknowledgment, hasAck } = place;
  const { offset, flags, ...segment } = shape;
  return forgeSegment(trigger, side, {
    ...segment,
    sequence: addSequence(sequence, offset),
    acknowledgment: hasAck ? acknowledgment : 0,
    flags: hasAck ? flags | TCP_FLAG.ACK : flags & ~TCP_FLAG.ACK,
  });
}

interface Place {
  readonly sequence: number;
  readonly acknowledgment: number;
  readonly hasAck: boolean;
}

/** Where in the sequence space a reset for one side belongs; `hasAck` as wished, where the receiver's state leaves a choice. */
function placeReset(trigger: Trigger, side: 'client' | 'server', wishesAck: boolean): Place | null {
  const { flow, view, isForward, isDropped } = trigger;
  const toSender = (side === 'client') === isForward;
  const isSyn = (view.flags & TCP_FLAG.SYN) !== 0;
  const hasAck = (view.flags & TCP_FLAG.ACK) !== 0;
  const { acknowledgment } = view;
  if (toSender) {
    if (isSyn && !hasAck) return { sequence: 0, acknowledgment: segmentEnd(view), hasAck: true };
    // Without an acknowledgment nothing is known of the peer: such a segment is no part of an open connection.
    if (!hasAck) return null;
    const sequence = expectedBySender(trigger);
    return { sequence, acknowledgment: segmentEnd(view), hasAck: wishesAck };
  }
  if (isSyn && !hasAck)
    return isDropped ? null : { sequence: segmentEnd(view), acknowledgment, hasAck: false };
  // The client is in SYN-SENT or, had the SYN+ACK passed, beyond: an RST+ACK fits both.
  if (isSyn) return { sequence: segmentEnd(view), acknowledgment, hasAck: true };
  const track = isForward ? flow.forward : flow.reverse;
  const sequence = track.isKnown ? track.next : isDropped ? view.sequence : segmentEnd(view);
  return { sequence, acknowledgment, hasAck: wishesAck };
}

export interface SegmentSpec extends SegmentShape {
  readonly sequence: number;
  readonly acknowledgment: number;
  readonly flags: number;
}

/** A segment for one side of the trigger's connection that reads as sent by the other. */
export function forgeSegment(
  { view, isForward }: Pick<Trigger, 'view' | 'isForward'>,
  side: 'client' | 'server',
  { ipId, ...segment }: SegmentSpec,
): Uint8Array {
  const toSender = (side === 'client') === isForward;
  return buildTcp({
    ...segment,
    id: ipId,
    source: toSender ? view.destination : view.source,
    destination: toSender ? view.source : view.destination,
    sourcePort: toSender ? view.destinationPort : view.sourcePort,
    destinationPort: toSender ? view.sourcePort : view.destinationPort,
  });
}
