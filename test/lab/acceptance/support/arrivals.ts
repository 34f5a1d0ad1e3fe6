// What came to a node, out of the captures of a run: the packets that its censors were asked about.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatMac } from '../../../../src/base/addresses.ts';
import type { Plan } from '../../../../src/model/plan.ts';
import { concatBytes } from '../../../../src/wire/bytes.ts';
import {
  type PcapPacket,
  encodePcapRecord,
  readPcap,
  writePcapHeader,
} from '../../../../src/wire/pcap.ts';

const SOURCE_MAC = 6;

/** A pcap of the frames that others sent to `node` or through it, in order of time. */
export function arrivalsAt(plan: Plan, results: string, node: string): Uint8Array {
  const packets = plan.captures
    .filter((capture) => capture.node === node)
    .flatMap(({ network, file }) => {
      const others = macsOn(plan, network, node);
      return [...readPcap(readFileSync(join(results, file)))].filter(({ data }) =>
        others.has(formatMac(data.subarray(SOURCE_MAC, SOURCE_MAC + 6))),
      );
    });
  const inTime = packets.toSorted((left, right) => left.time - right.time);
  return concatBytes(writePcapHeader(), ...inTime.map(recordOf));
}

const recordOf = ({ time, data, length }: PcapPacket): Uint8Array =>
  encodePcapRecord(time, data, length);

const macsOn = ({ nodes }: Plan, network: string, except: string): ReadonlySet<string> =>
  new Set(
    nodes
      .filter(({ name }) => name !== except)
      .flatMap(({ interfaces }) => interfaces.filter((one) => one.network === network))
      .map(({ mac }) => mac),
  );
