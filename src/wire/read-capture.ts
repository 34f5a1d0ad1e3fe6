// A capture file of either format, as packets of known link layers.
import { type Result, fail, ok } from '../base/result.ts';
import type { CaptureContents, CaptureRecord } from './capture-contents.ts';
import { PCAP_HEADER_SIZE, PCAP_RECORD_HEADER_SIZE, readPcap, readPcapHeader } from './pcap.ts';
import { isPcapng, readPcapng } from './read-pcapng.ts';

/** Whether a file begins as a capture does, of which the first bytes are enough. */
export const isCapture = (bytes: Uint8Array): boolean =>
  readPcapHeader(bytes) !== null || isPcapng(bytes);

export function readCapture(bytes: Uint8Array): Result<CaptureContents, string> {
  if (isPcapng(bytes)) return ok(readPcapng(bytes));
  const header = readPcapHeader(bytes);
  if (header === null)
    return fail(
      bytes.length === 0
        ? 'The file is empty'
        : `Expected a pcap or pcapng file, found one that begins with ${startOf(bytes)}`,
    );
  const records: CaptureRecord[] = [];
  let at = PCAP_HEADER_SIZE;
  for (const packet of readPcap(bytes)) {
    records.push({ ...packet, linkType: header.linkType });
    at += PCAP_RECORD_HEADER_SIZE + packet.data.length;
  }
  const damage =
    at === bytes.length
      ? null
      : `The file is cut off or damaged at byte ${at}, after packet ${records.length}`;
  return ok({ records, damage });
}

const startOf = (bytes: Uint8Array): string =>
  Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
