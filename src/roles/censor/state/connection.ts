// How far a TCP connection is, as its segments show it: what decides for how long it may be silent, and whether its words count.
import type { CensorState } from '../../../model/censor.ts';
import { IP_PROTOCOL } from '../../../wire/ip-protocol.ts';
import type { PacketView } from '../../../wire/packet.ts';
import { TCP_FLAG } from '../../../wire/tcp.ts';
import type { Flow } from './flow.ts';

/** What a flow is, for how long it may be silent. A TCP flow is in `syn` until the handshake is through, in `closing` from FIN or RST. */
export type FlowStage = keyof CensorState['timeouts'];

/** Bits of `Flow.marks`: what was seen. */
export const SEEN_SYN = 1;
export const SEEN_SYN_ACK = 2;
/** The client's first segment after the SYN+ACK. */
export const SEEN_ACK = 4;
const SEEN_CLIENT_FIN = 8;
const SEEN_SERVER_FIN = 16;
const SEEN_RST = 32;

const OPENING = SEEN_SYN | SEEN_SYN_ACK;
const BOTH_FINS = SEEN_CLIENT_FIN | SEEN_SERVER_FIN;
const { SYN, ACK, RST, FIN } = TCP_FLAG;

/** A SYN of whoever begins a connection. */
export const isOpening = (view: PacketView): boolean => (view.flags & (SYN | ACK)) === SYN;

export const isSynAck = (view: PacketView): boolean => (view.flags & (SYN | ACK)) === (SYN | ACK);

/** Whether a segment may move its connection from one stage to another. */
export const movesStage = (view: PacketView): boolean => (view.flags & (SYN | RST | FIN)) !== 0;

/** Notes what a segment shows. */
export function markSegment(flow: Flow, view: PacketView, isForward: boolean): void {
  const { flags } = view;
  if ((flags & SYN) !== 0) {
    if (isForward && (flags & ACK) === 0) flow.marks |= SEEN_SYN;
    if (!isForward && (flags & ACK) !== 0) flow.marks |= SEEN_SYN_ACK;
  } else if (isForward && (flags & (ACK | RST)) === ACK && (flow.marks & SEEN_SYN_ACK) !== 0)
    flow.marks |= SEEN_ACK;
  if ((flags & RST) !== 0) flow.marks |= SEEN_RST;
  if ((flags & FIN) !== 0) flow.marks |= isForward ? SEEN_CLIENT_FIN : SEEN_SERVER_FIN;
}

/** A flow that was met in the midst counts as established. */
export function stageOf(flow: Flow): FlowStage {
  if (flow.protocol === IP_PROTOCOL.udp) return 'udp';
  if (flow.protocol !== IP_PROTOCOL.tcp) return 'other';
  const { marks } = flow;
  if ((marks & SEEN_RST) !== 0 || (marks & BOTH_FINS) === BOTH_FINS) return 'closing';
  return (marks & OPENING) === 0 || (marks & SEEN_ACK) !== 0 ? 'established' : 'syn';
}

/** Whether the handshake was seen to begin and not to end. */
export const isHalfOpen = ({ marks }: Flow): boolean =>
  (marks & OPENING) !== 0 && (marks & (SEEN_ACK | SEEN_RST)) === 0;

export const isClosing = (flow: Flow): boolean => stageOf(flow) === 'closing';
