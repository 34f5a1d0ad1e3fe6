import type { PacketView } from '../../../wire/packet.ts';
import { TCP_FLAG } from '../../../wire/tcp.ts';
import { segmentEnd } from '../act/forge.ts';
import { isOpening } from './connection.ts';
import type { Flow } from './flow.ts';

/** Notes where a segment starts and what its sender has received. */
export function followSequences(flow: Flow, view: PacketView, isForward: boolean): void {
  (isForward ? flow.forward : flow.reverse).begin(view.sequence);
  if ((view.flags & TCP_FLAG.ACK) !== 0)
    (isForward ? flow.reverse : flow.forward).acknowledge(view.acknowledgment);
}

/** Notes that a packet reached, or will reach, its receiver. */
export function advance(flow: Flow, view: PacketView, isForward: boolean): void {
  if (!view.isTcp || flow.settled || isOpening(view)) return;
  flow.order?.note(view, isForward);
  (isForward ? flow.forward : flow.reverse).advance(view.sequence, segmentEnd(view));
}
