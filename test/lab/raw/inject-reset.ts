import { type IpAddress, parseIp } from '../../../src/base/addresses.ts';
import { invariant } from '../../../src/base/invariant.ts';
import { inNamespace } from '../../../src/kernel/namespace.ts';
import { FrameMemory, PacketRing, openRings } from '../../../src/kernel/packet-ring.ts';
import { Transmitter } from '../../../src/kernel/transmitter.ts';
import { Waiter, clockMicros } from '../../../src/kernel/waiter.ts';
import { buildTcp } from '../../../src/wire/build.ts';
import { ETHERTYPE, buildEthernet, findIpHeader } from '../../../src/wire/ethernet.ts';
import { PacketView } from '../../../src/wire/packet.ts';
import { TCP_FLAG } from '../../../src/wire/tcp.ts';
import type { SmallLab } from '../packet/small-lab.ts';

interface Ends {
  readonly from: readonly [address: string, port: number];
  readonly to: readonly [address: string, port: number];
}

const LIMIT_MICROS = 3e6;

/**
 * On the wire of `node`, from now on: what it gives waits for bytes from `to`, answers them with a RST in the name of `from`, and
 * blocks until it has.
 */
export function prepareReset(lab: SmallLab, node: string, { from, to }: Ends): () => void {
  const size = { slotBytes: 2048, slots: 128 };
  const memory = new FrameMemory(2 ** 20);
  const ring = inNamespace(lab.fd(node), () => new PacketRing(memory, `${node}-wire`, size));
  openRings(memory, [ring], size);
  const waiter = new Waiter();
  waiter.watch(ring.fd, 0);
  const view = new PacketView();
  const transmitter = new Transmitter(memory);
  const out = memory.take(2048) + 64;
  const sent = { count: 0 };
  return () => {
    const limit = clockMicros() + LIMIT_MICROS;
    while (sent.count === 0) {
      waiter.wait(limit);
      invariant(waiter.now < limit, 'bytes come within the limit');
      ring.read(64, {
        onFrame({ start, end }) {
          const at = findIpHeader(memory.bytes, start, end);
          if (at < 0 || !view.load(memory.bytes, at, end) || view.payloadLength === 0) return;
          if (view.sourcePort !== to[1]) return;
          const packet = buildTcp({
            source: address(from[0]),
            destination: address(to[0]),
            sourcePort: from[1],
            destinationPort: to[1],
            sequence: view.acknowledgment,
            flags: TCP_FLAG.RST,
            ttl: 200,
          });
          const macs = memory.bytes.slice(start, start + 12);
          const frame = buildEthernet(
            macs.subarray(6),
            macs.subarray(0, 6),
            ETHERTYPE.ipv4,
            packet,
          );
          memory.bytes.set(frame, out);
          transmitter.send(ring.fd, out, out + frame.length);
          transmitter.flush();
          sent.count += 1;
        },
      });
      ring.release();
    }
    ring.close();
    waiter.close();
  };
}

export function address(text: string): IpAddress {
  const parsed = parseIp(text);
  invariant(parsed.ok, `${text} is an address`);
  return parsed.value;
}
