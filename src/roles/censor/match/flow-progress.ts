import type { PacketView } from '../../../wire/packet.ts';

/** How far a flow is; kept only for flows that some rule asks it about. */
export class FlowProgress {
  /** Microseconds since the epoch. */
  readonly began: number;
  /** Of both directions, the packet at hand included; bytes of whole IP packets. */
  packets = 0;
  bytes = 0;
  /** Packets with payload and their bytes of payload, the packet at hand included, by direction. */
  forwardData = 0;
  reverseData = 0;
  forwardDataBytes = 0;
  reverseDataBytes = 0;

  constructor(now: number) {
    this.began = now;
  }

  count(view: PacketView, isForward: boolean): void {
    this.packets += 1;
    this.bytes += view.end - view.start;
    if (view.payloadLength <= 0) return;
    if (isForward) {
      this.forwardData += 1;
      this.forwardDataBytes += view.payloadLength;
    } else {
      this.reverseData += 1;
      this.reverseDataBytes += view.payloadLength;
    }
  }
}
