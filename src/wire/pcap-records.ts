import type { RecordFormat, RecordPlace } from './capture-format.ts';
import { MAXIMUM_RECORD, PCAP_RECORD_HEADER_SIZE, type PcapFileHeader } from './pcap.ts';

/** The records of a classic pcap file, whose header has been read. */
export class PcapRecords implements RecordFormat {
  readonly #header: PcapFileHeader;
  readonly #divisor: number;

  constructor(header: PcapFileHeader) {
    this.#header = header;
    this.#divisor = header.nanoseconds ? 1000 : 1;
  }

  take(view: DataView, at: number, end: number, place: RecordPlace): number | string {
    const { littleEndian, linkType } = this.#header;
    const start = at + PCAP_RECORD_HEADER_SIZE;
    if (start > end) return 0;
    const captured = view.getUint32(at + 8, littleEndian);
    if (captured > MAXIMUM_RECORD) return `has a record of ${captured} bytes`;
    if (start + captured > end) return 0;
    place.isPacket = true;
    place.time =
      view.getUint32(at, littleEndian) * 1e6 + view.getUint32(at + 4, littleEndian) / this.#divisor;
    place.length = view.getUint32(at + 12, littleEndian);
    place.start = start;
    place.end = start + captured;
    place.linkType = linkType;
    return PCAP_RECORD_HEADER_SIZE + captured;
  }
}
