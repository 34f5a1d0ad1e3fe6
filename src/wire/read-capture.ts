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
  if (header === null) return fail(describeStart(bytes));
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

/** Why bytes that begin no capture do not, as far as the first of them tell. */
export function describeStart(bytes: Uint8Array): string {
  if (bytes.length < PCAP_HEADER_SIZE)
    return `The file of ${bytes.length} bytes is shorter than the ${PCAP_HEADER_SIZE} of a capture's header`;
  const start = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0'));
  const isGzip = start[0] === '1f' && start[1] === '8b';
  const found = isGzip ? 'one that gzip compressed' : `one that begins with ${start.join(' ')}`;
  return `Expected a pcap or pcapng file, found ${found}`;
}
