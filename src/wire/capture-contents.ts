// What a capture file of either format holds.
import type { PcapPacket } from './pcap.ts';

export interface CaptureRecord extends PcapPacket {
  /** Link-layer header type (tcpdump.org/linktypes). */
  readonly linkType: number;
}

export interface CaptureContents {
  readonly records: readonly CaptureRecord[];
  /** Where and how the file was cut off or damaged; null when it is whole. */
  readonly damage: string | null;
}
