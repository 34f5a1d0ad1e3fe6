// Packets of censors on nodes where rules or NAT decide the way: the kernel routes them.
import { RawSender } from '../../kernel/nfqueue.ts';
import { readU8 } from '../../wire/bytes.ts';
import type { PacketLoop } from './packet-loop.ts';

/** The mark of what we inject: "ns" and a number that no scenario is likely to write. */
export const INJECTED_MARK = 0x6e73_0001;

export class RawInjector {
  /** Packets that the kernel did not take. */
  refused = 0;
  readonly #loop: PacketLoop;
  readonly #sender: RawSender = new RawSender(INJECTED_MARK);

  /** This thread is in the node's namespace. */
  constructor(loop: PacketLoop) {
    this.#loop = loop;
  }

  /** Sends the packet that lies in the loop's memory. */
  send(start: number, end: number): void {
    const { bytes, buffer } = this.#loop.memory;
    const version = readU8(bytes, start) >>> 4;
    if (!this.#sender.send(buffer, version, start, end - start)) this.refused += 1;
  }
}
