// The packets of one session and its copy in the captures of one node.
import { formatMac } from '../../base/addresses.ts';
import { type ClockRecord, correctTime } from '../../model/machine.ts';
import type { MirrorPacket, MirrorPacketKind } from '../../model/mirror-packets.ts';
import { PacketView } from '../../wire/packet.ts';
import { LINKTYPE, readPcap, readPcapHeader } from '../../wire/pcap.ts';
import { formatTcpFlags } from '../../wire/tcp.ts';
import { ipStart } from '../capture-index.ts';
import type { CaptureFile } from '../evidence.ts';
import { RelativeNumbers } from './relative-numbers.ts';

/** What is looked for. Ends are addresses with their ports, as text. */
export interface Wanted {
  /** The client's own, and its copy's. */
  readonly ends: readonly string[];
  readonly online: readonly string[];
  /** Of the connection by which answers come. */
  readonly answersPort: number;
  /** The node that has a MAC address. */
  readonly senders: ReadonlyMap<string, string>;
}

/** In the order of their times; at most so many. */
export function sightPackets(
  captures: readonly CaptureFile[],
  clock: ClockRecord,
  wanted: Wanted,
  most: number,
): MirrorPacket[] {
  const scan = (accept: (packet: MirrorPacket) => boolean): MirrorPacket[] =>
    captures
      .flatMap((capture) => scanCapture(capture, clock, wanted, accept, most))
      .toSorted((left, right) => left.time - right.time)
      .slice(0, most);
  const session = scan(({ kind }) => kind !== 'answers');
  const isNear = (time: number): boolean =>
    session.some((packet) => Math.abs(packet.time - time) < NEAR);
  const answers = scan(({ kind, time }) => kind === 'answers' && isNear(time));
  return [...session, ...answers].toSorted((left, right) => left.time - right.time).slice(0, most);
}

/** Microseconds: headers that are sent so soon before or after a packet of the session may be of it; all sessions share their connection. */
const NEAR = 5000;

function scanCapture(
  { capture, bytes }: CaptureFile,
  clock: ClockRecord,
  wanted: Wanted,
  accept: (packet: MirrorPacket) => boolean,
  most: number,
): MirrorPacket[] {
  const linkType = readPcapHeader(bytes)?.linkType ?? LINKTYPE.LINKTYPE_ETHERNET;
  const view = new PacketView();
  const numbers = new RelativeNumbers();
  const found: MirrorPacket[] = [];
  const ports = new Set([...wanted.ends.map(portOf), wanted.answersPort]);
  for (const { frame, time: stamped, data, length } of readPcap(bytes)) {
    const start = ipStart(data, 0, data.length, linkType);
    if (start < 0 || !view.load(data, start, data.length, length - start)) continue;
    if (!ports.has(view.sourcePort) && !ports.has(view.destinationPort)) continue;
    const source = endText(view.sourceText, view.sourcePort);
    const destination = endText(view.destinationText, view.destinationPort);
    const kind = kindOf(view, source, destination, wanted);
    if (kind === null) continue;
    const sourceMac =
      linkType === LINKTYPE.LINKTYPE_ETHERNET ? formatMac(data.subarray(6, 12)) : '';
    const packet: MirrorPacket = {
      ...{
        capture,
        frame,
        time: correctTime(clock, stamped),
        source,
        destination,
        sourceMac,
        kind,
      },
      sender: wanted.senders.get(sourceMac) ?? '',
      flags: view.isTcp ? formatTcpFlags(view.flags) : '',
      ...numbers.of(view, source, destination),
      length: view.payloadLength,
    };
    if (accept(packet)) found.push(packet);
    if (found.length === most) break;
  }
  return found;
}

/** Null: it has nothing to do with the session. */
function kindOf(
  view: PacketView,
  source: string,
  destination: string,
  { ends, online, answersPort }: Wanted,
): MirrorPacketKind | null {
  if (ends.includes(source)) return online.includes(destination) ? 'client' : 'copy';
  if (ends.includes(destination)) return online.includes(source) ? 'online' : 'target';
  const isAnswers = view.isTcp && [view.sourcePort, view.destinationPort].includes(answersPort);
  return isAnswers ? 'answers' : null;
}

const portOf = (end: string): number => Number(end.slice(end.lastIndexOf(':') + 1));

/** As mirrors write it: `10.0.0.1:40000`, `[fd00::1]:40000`. */
export const endText = (address: string, port: number): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
