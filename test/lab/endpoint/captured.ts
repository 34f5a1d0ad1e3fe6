// What of a flow was on the wire, read from a capture that tcpdump writes while the test goes on.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { decodeFrame } from '../../../src/wire/decode.ts';
import { readPcap } from '../../../src/wire/pcap.ts';
import type { NodeName, TwoNodes } from './two-nodes.ts';

export interface Segment {
  readonly time: number;
  readonly from: string;
  readonly port: number;
  readonly length: number;
  readonly flags: number;
}

/** Milliseconds for packets to get from the wire into the file. */
const WRITTEN_WITHIN = 10_000;

/** Captures what a node sends and gets from now on; gives what there is once `isComplete` says so. */
export async function capture(
  lab: TwoNodes,
  node: NodeName,
): Promise<(isComplete: (segments: readonly Segment[]) => boolean) => Promise<Segment[]>> {
  const file = join(lab.directory, `${node}-${performance.now()}.pcap`);
  const dump = `exec tcpdump -Z root -i eth0 -n -U --immediate-mode -B 16384 -w ${file} tcp or udp 2>&1`;
  await lab.startInNode(node, 'sh', '-c', dump);
  return async (isComplete) => {
    for (const start = performance.now(); ; await delay(50)) {
      const segments = readSegments(await readFile(file));
      if (isComplete(segments)) return segments;
      if (performance.now() - start > WRITTEN_WITHIN)
        throw new Error(`After ${WRITTEN_WITHIN} ms the capture has ${segments.length} packets`);
    }
  };
}

function readSegments(bytes: Uint8Array): Segment[] {
  return [...readPcap(bytes)].flatMap(({ time, data, length }) => {
    const frame = decodeFrame(data, length);
    const packet = frame.ok ? frame.value.packet : null;
    const transport = packet?.tcp ?? packet?.udp;
    if (!packet || !transport) return [];
    return {
      time,
      from: packet.ip.source,
      port: transport.sourcePort,
      length: packet.payloadLength,
      flags: packet.tcp?.flags ?? 0,
    };
  });
}
