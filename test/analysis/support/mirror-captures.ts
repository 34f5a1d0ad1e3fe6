// Captures of a mirror's nodes, written by hand.
import type { CaptureFile } from '../../../src/analysis/evidence.ts';
import type { IpAddress } from '../../../src/base/addresses.ts';
import { buildTcp, buildUdp } from '../../../src/wire/build.ts';
import { concatBytes } from '../../../src/wire/bytes.ts';
import { ETHERTYPE, buildEthernet } from '../../../src/wire/ethernet.ts';
import { LINKTYPE, encodePcapRecord, writePcapHeader } from '../../../src/wire/pcap.ts';
import { TCP_FLAG } from '../../../src/wire/tcp.ts';
import { EPOCH, address } from './tape.ts';

/** Ends are `10.0.0.1:40000` or `[fd00::1]:40000`. */
export interface WrittenPacket {
  readonly from: string;
  readonly to: string;
  /** Milliseconds after EPOCH. */
  readonly at: number;
  /** The last byte of its source MAC; none: the capture has no Ethernet. */
  readonly mac?: number;
  /** None: it is UDP. */
  readonly flags?: readonly (keyof typeof TCP_FLAG)[];
  readonly sequence?: number;
  readonly acknowledgment?: number;
  readonly bytes?: number;
}

export const macOf = (last: number): string => `02:00:00:00:00:0${last}`;

export function captureOf(
  node: string,
  network: string,
  packets: readonly WrittenPacket[],
): CaptureFile {
  const hasEthernet = packets.every(({ mac }) => mac !== undefined);
  const records = packets.map((packet) => {
    const ip = ipPacket(packet);
    const frame = hasEthernet ? ethernet(packet.mac ?? 0, ip) : ip;
    return encodePcapRecord(EPOCH + packet.at * 1000, frame, frame.length);
  });
  const linkType = hasEthernet ? LINKTYPE.LINKTYPE_ETHERNET : LINKTYPE.LINKTYPE_RAW;
  const bytes = concatBytes(writePcapHeader(linkType, 65_535), ...records);
  return { capture: `${node}.${network}`, node, network, bytes };
}

function ipPacket({ from, to, flags, sequence = 0, acknowledgment = 0, bytes = 0 }: WrittenPacket) {
  const [source, sourcePort] = endOf(from);
  const [destination, destinationPort] = endOf(to);
  const ends = { source, destination, sourcePort, destinationPort };
  const payload = new Uint8Array(bytes);
  if (flags === undefined) return buildUdp({ ...ends, payload });
  const bits = flags.reduce((sum, flag) => sum | TCP_FLAG[flag], 0);
  return buildTcp({ ...ends, sequence, acknowledgment, flags: bits, payload });
}

function ethernet(mac: number, ip: Uint8Array): Uint8Array {
  const type = (ip[0] ?? 0) >>> 4 === 6 ? ETHERTYPE.ipv6 : ETHERTYPE.ipv4;
  return buildEthernet(new Uint8Array(6), Uint8Array.of(2, 0, 0, 0, 0, mac), type, ip);
}

function endOf(text: string): [IpAddress, number] {
  const colon = text.lastIndexOf(':');
  return [address(text.slice(0, colon).replace(/^\[|\]$/g, '')), Number(text.slice(colon + 1))];
}
