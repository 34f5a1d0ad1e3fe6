// Packets that pretend to come from the other end, with sequence numbers that the receiving stack accepts.
//
// A reset counts only when its sequence number is exactly what the receiver expects next: "If the RST bit is set and the sequence number
// exactly matches the next expected sequence number (RCV.NXT), then TCP endpoints MUST reset the connection"; one that is merely inside the
// window draws a challenge ACK (RFC 9293 section 3.10.7.4, after RFC 5961 section 3.2). In SYN-SENT it is the acknowledgment that must fit
// (section 3.10.7.3).
import type { ResetAction } from '../../../model/censor-action.ts';
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
  action: Pick<ResetAction, 'flags' | 'ttl'>,
): Uint8Array | null {
  const { flow, view, isForward, isDropped } = trigger;
  const { flags } = view;
  const toSender = (side === 'client') === isForward;
  const isSyn = (flags & TCP_FLAG.SYN) !== 0;
  const hasAck = (flags & TCP_FLAG.ACK) !== 0;
  const ack = action.flags.includes('ACK');
  if (toSender) {
    const acknowledgment = segmentEnd(view);
    if (isSyn && !hasAck) return reset(trigger, side, action, 0, acknowledgment, true);
    // Without an acknowledgment nothing is known of the peer: such a segment is no part of an open connection.
    if (!hasAck) return null;
    return reset(trigger, side, action, expectedBySender(trigger), acknowledgment, ack);
  }
  if (isSyn && !hasAck) {
    if (isDropped) return null;
    return reset(trigger, side, action, segmentEnd(view), view.acknowledgment, false);
  }
  // The client is in SYN-SENT or, had the SYN+ACK passed, beyond: an RST+ACK fits both.
  if (isSyn) return reset(trigger, side, action, segmentEnd(view), view.acknowledgment, true);
  const track = isForward ? flow.forward : flow.reverse;
  const sequence = track.isKnown ? track.next : isDropped ? view.sequence : segmentEnd(view);
  return reset(trigger, side, action, sequence, view.acknowledgment, ack);
}

function reset(
  trigger: Trigger,
  side: 'client' | 'server',
  action: Pick<ResetAction, 'ttl'>,
  sequence: number,
  acknowledgment: number,
  withAck: boolean,
): Uint8Array {
  return forgeSegment(trigger, side, {
    sequence,
    acknowledgment: withAck ? acknowledgment : 0,
    flags: withAck ? TCP_FLAG.RST | TCP_FLAG.ACK : TCP_FLAG.RST,
    ttl: action.ttl.from === 'fixed' ? action.ttl.value : null,
    window: 0,
  });
}

export interface SegmentSpec {
  readonly sequence: number;
  readonly acknowledgment: number;
  readonly flags: number;
  /** Null copies the trigger's. */
  readonly ttl: number | null;
  readonly window: number;
  readonly payload?: Uint8Array;
}

/** A segment for one side of the trigger's connection that reads as sent by the other. */
export function forgeSegment(
  { view, isForward }: Pick<Trigger, 'view' | 'isForward'>,
  side: 'client' | 'server',
  { ttl, ...segment }: SegmentSpec,
): Uint8Array {
  const toSender = (side === 'client') === isForward;
  return buildTcp({
    ...segment,
    source: toSender ? view.destination : view.source,
    destination: toSender ? view.source : view.destination,
    sourcePort: toSender ? view.destinationPort : view.sourcePort,
    destinationPort: toSender ? view.sourcePort : view.destinationPort,
    ttl: ttl ?? view.ttl,
  });
}
