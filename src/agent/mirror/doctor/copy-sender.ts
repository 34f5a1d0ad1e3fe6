// Packets of a trial, sent from the online server's host as a mirror sends them: as frames, past its rules and its connection tracking.
import type { IpAddress } from '../../../base/addresses.ts';
import { inNamespace } from '../../../kernel/namespace.ts';
import { FrameMemory, PacketRing, openRings, slotBytesFor } from '../../../kernel/packet-ring.ts';
import { FrameEmitter } from '../../raw/frame-emitter.ts';
import { createKernelEgress } from '../../raw/kernel-egress.ts';

/** What comes in is not read. */
const RING = { slotBytes: slotBytesFor(1500), slots: 32 };
const MEMORY_BYTES = 2 ** 22;

export interface CopySender {
  send(packet: Uint8Array): void;
  close(): void;
}

/** By the way that the host has to `target` from its own address. Throws a Fault where there is none. */
export async function openCopySender(
  namespaceFd: number,
  own: IpAddress,
  target: IpAddress,
): Promise<CopySender> {
  const { interface: device, macs } = await createKernelEgress(namespaceFd).find(own, target);
  const memory = new FrameMemory(MEMORY_BYTES);
  const emitter = new FrameEmitter(memory);
  const ring = inNamespace(namespaceFd, () => new PacketRing(memory, device.name, RING));
  openRings(memory, [ring], RING);
  return {
    send(packet) {
      emitter.send({ fd: ring.fd, macs }, packet);
      emitter.flush();
    },
    close: () => ring.close(),
  };
}
