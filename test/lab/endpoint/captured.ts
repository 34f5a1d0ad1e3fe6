// What of a flow was on the wire, read from a capture that dumpcap writes while the test goes on.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { decodeFrame } from '../../../src/wire/decode.ts';
import { readPcap } from '../../../src/wire/pcap.ts';
import { CLIENT, SERVER } from './two-nodes.ts';
import type { NodeName, TwoNodes } from './two-nodes.ts';

export interface Segment {
  readonly time: number;
  readonly from: string;
  readonly port: number;
  readonly length: number;
  readonly flags: number;
}

/** Where datagrams go that only show that the capture has begun: discard (RFC 863). */
const MARK = 9;
/** Milliseconds for packets to get from the wire into the file. */
const WRITTEN_WITHIN = 10_000;

/** Captures what a node sends and gets from now on; gives what there is once `isComplete` says so. */
export async function capture(
  lab: TwoNodes,
  node: NodeName,
): Promise<(isComplete: (segments: readonly Segment[]) => boolean) => Promise<Segment[]>> {
  const file = join(lab.directory, `${node}-${performance.now()}.pcap`);
  const dump = `exec dumpcap -q -P -B 16 -i eth0 -w ${file} 2>&1`;
  await lab.startInNode(node, 'sh', '-c', dump);
  // It says so before it captures: what is sent until then is not there.
  const peer = node === 'client' ? SERVER.v4 : CLIENT.v4;
  await until(async () => {
    await lab.inNode(node, 'bash', '-c', `echo > /dev/udp/${peer}/${MARK}`);
    return existsSync(file) && readSegments(await readFile(file), true).length > 0;
  });
  return async (isComplete) => {
    let segments: Segment[] = [];
    await until(async () => {
      segments = readSegments(await readFile(file));
      return isComplete(segments);
    });
    return segments;
  };
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const start = performance.now();
  while (!(await condition())) {
    await delay(50);
    if (performance.now() - start > WRITTEN_WITHIN)
      throw new Error(`After ${WRITTEN_WITHIN} ms the capture has not what it should`);
  }
}

function readSegments(bytes: Uint8Array, marks = false): Segment[] {
  return [...readPcap(bytes)].flatMap(({ time, data, length }) => {
    const frame = decodeFrame(data, length);
    const packet = frame.ok ? frame.value.packet : null;
    const transport = packet?.tcp ?? packet?.udp;
    if (!packet || !transport || (transport.destinationPort === MARK) !== marks) return [];
    return {
      time,
      from: packet.ip.source,
      port: transport.sourcePort,
      length: packet.payloadLength,
      flags: packet.tcp?.flags ?? 0,
    };
  });
}
