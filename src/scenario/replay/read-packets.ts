// The IP packets of a capture file, in order of time.
import { type Result, fail, ok } from '../../base/result.ts';
import type { ScriptEndpoint } from '../../model/script.ts';
import { readU16 } from '../../wire/bytes.ts';
import type { CaptureRecord } from '../../wire/capture-contents.ts';
import { findIpPacket } from '../../wire/link-layer.ts';
import { PacketView } from '../../wire/packet.ts';
import { readCapture } from '../../wire/read-capture.ts';
import { TCP } from '../../wire/tcp.ts';

export interface ReplayPacket {
  /** From 1, as Wireshark counts. */
  readonly frame: number;
  /** Milliseconds since the first packet of the file, to the microsecond. */
  readonly time: number;
  readonly protocol: number;
  /** Port 0 where there is none. */
  readonly source: ScriptEndpoint;
  readonly destination: ScriptEndpoint;
  readonly ttl: number;
  readonly trafficClass: number;
  readonly isFragment: boolean;
  /** The packet from its IP header on, as far as it was kept, and its length on the wire. */
  readonly bytes: Uint8Array;
  readonly length: number;
  /** What follows the transport header, as far as it was kept, and its length on the wire. */
  readonly payload: Uint8Array;
  readonly payloadLength: number;
  /** Null for other protocols and later fragments. */
  readonly tcp: TcpHeader | null;
}

export interface TcpHeader {
  readonly sequence: number;
  readonly acknowledgment: number;
  /** Bits of TCP_FLAG. */
  readonly flags: number;
  readonly window: number;
  readonly urgentPointer: number;
  readonly options: Uint8Array;
}

export interface PacketsRead {
  readonly packets: readonly ReplayPacket[];
  readonly notes: readonly string[];
}

export function readPackets(capture: Uint8Array): Result<PacketsRead, string> {
  const read = readCapture(capture);
  if (!read.ok) return read;
  const { records, damage } = read.value;
  const first = records.reduce((least, { time }) => Math.min(least, time), Infinity);
  const packets: ReplayPacket[] = [];
  const view = new PacketView();
  let malformed = 0;
  for (const record of records) {
    const start = findIpPacket(record.linkType, record.data);
    if (start === null)
      return fail(
        `Packet ${record.frame} has the link-layer header type ${record.linkType}, of which nothing is known here`,
      );
    if (start < 0) continue;
    if (view.load(record.data, start, record.data.length, record.length - start))
      packets.push(packetOf(view, record, first));
    else malformed += 1;
  }
  if (packets.length === 0)
    return fail(damage === null ? 'It has no IP packet' : `${damage}, with no IP packet before`);
  packets.sort((left, right) => left.time - right.time);
  const notes = [
    ...(damage === null ? [] : [damage]),
    ...(malformed === 0
      ? []
      : [`Packets that are malformed or of which too little was kept, and left out: ${malformed}`]),
  ];
  return ok({ packets, notes });
}

function packetOf(view: PacketView, record: CaptureRecord, first: number): ReplayPacket {
  const { start, end, payloadStart, payloadEnd, payloadLength } = view;
  return {
    frame: record.frame,
    time: Math.round(record.time - first) / 1000,
    protocol: view.protocol,
    source: { address: view.sourceText, port: view.sourcePort },
    destination: { address: view.destinationText, port: view.destinationPort },
    ttl: view.ttl,
    trafficClass: view.trafficClass,
    isFragment: view.isFragment,
    bytes: record.data.subarray(start, end),
    length: payloadStart - start + payloadLength,
    payload: record.data.subarray(payloadStart, payloadEnd),
    payloadLength,
    tcp: view.isTcp ? tcpHeaderOf(view) : null,
  };
}

const tcpHeaderOf = (view: PacketView): TcpHeader => ({
  sequence: view.sequence,
  acknowledgment: view.acknowledgment,
  flags: view.flags,
  window: view.window,
  urgentPointer: readU16(view.memory, view.transportStart + TCP.urgentPointer),
  options: view.memory.slice(view.transportStart + TCP.headerLength, view.payloadStart),
});
