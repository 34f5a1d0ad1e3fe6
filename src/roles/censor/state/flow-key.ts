// What tells flows apart, taken from the packet at hand without allocating: version, protocol, both addresses, both ports.
import { readI32 } from '../../../wire/bytes.ts';
import type { PacketView } from '../../../wire/packet.ts';
import { Flow } from './flow.ts';

export class FlowKey {
  /** The same for both directions. */
  hash = 0;
  readonly #seed: number;
  #version: 4 | 6 = 4;
  #protocol = 0;
  #sourcePort = 0;
  #destinationPort = 0;
  // The addresses, as a flow keeps them.
  #source0 = 0;
  #source1 = 0;
  #source2 = 0;
  #source3 = 0;
  #destination0 = 0;
  #destination1 = 0;
  #destination2 = 0;
  #destination3 = 0;

  constructor(seed: number) {
    this.#seed = seed | 0;
  }

  load(view: PacketView): void {
    const { memory, sourceOffset, destinationOffset } = view;
    this.#version = view.version;
    this.#protocol = view.protocol;
    this.#sourcePort = view.sourcePort;
    this.#destinationPort = view.destinationPort;
    if (view.version === 4) {
      this.#source0 = this.#source1 = this.#source2 = 0;
      this.#destination0 = this.#destination1 = this.#destination2 = 0;
      this.#source3 = readI32(memory, sourceOffset);
      this.#destination3 = readI32(memory, destinationOffset);
    } else {
      this.#source0 = readI32(memory, sourceOffset);
      this.#source1 = readI32(memory, sourceOffset + 4);
      this.#source2 = readI32(memory, sourceOffset + 8);
      this.#source3 = readI32(memory, sourceOffset + 12);
      this.#destination0 = readI32(memory, destinationOffset);
      this.#destination1 = readI32(memory, destinationOffset + 4);
      this.#destination2 = readI32(memory, destinationOffset + 8);
      this.#destination3 = readI32(memory, destinationOffset + 12);
    }
    // A sum does not mind which end is which, so both directions meet in one bucket.
    // Ports are mixed apart from addresses: they often count up together, and cancel each other out when put over each other.
    let source = mix(mix(this.#seed ^ view.sourcePort) ^ this.#source3);
    let destination = mix(mix(this.#seed ^ view.destinationPort) ^ this.#destination3);
    if (view.version === 6) {
      source = mix(mix(mix(source ^ this.#source0) ^ this.#source1) ^ this.#source2);
      destination = mix(
        mix(mix(destination ^ this.#destination0) ^ this.#destination1) ^ this.#destination2,
      );
    }
    this.hash = mix((source + destination + view.protocol) | 0);
  }

  /** Cheap: false for nearly every other flow. */
  mayBe(flow: Flow): boolean {
    return (
      flow.hash === this.hash && flow.protocol === this.#protocol && flow.version === this.#version
    );
  }

  isForwardOf(flow: Flow): boolean {
    return (
      flow.clientPort === this.#sourcePort &&
      flow.serverPort === this.#destinationPort &&
      flow.client3 === this.#source3 &&
      flow.server3 === this.#destination3 &&
      flow.client0 === this.#source0 &&
      flow.client1 === this.#source1 &&
      flow.client2 === this.#source2 &&
      flow.server0 === this.#destination0 &&
      flow.server1 === this.#destination1 &&
      flow.server2 === this.#destination2
    );
  }

  isReverseOf(flow: Flow): boolean {
    return (
      flow.clientPort === this.#destinationPort &&
      flow.serverPort === this.#sourcePort &&
      flow.client3 === this.#destination3 &&
      flow.server3 === this.#source3 &&
      flow.client0 === this.#destination0 &&
      flow.client1 === this.#destination1 &&
      flow.client2 === this.#destination2 &&
      flow.server0 === this.#source0 &&
      flow.server1 === this.#source1 &&
      flow.server2 === this.#source2
    );
  }

  /** A flow of these ends, begun by the packet's source, or by its destination. */
  begin(isForward: boolean, now: number): Flow {
    const source = [this.#source0, this.#source1, this.#source2, this.#source3] as const;
    const destination = [
      this.#destination0,
      this.#destination1,
      this.#destination2,
      this.#destination3,
    ] as const;
    const [client, server] = isForward ? [source, destination] : [destination, source];
    const [clientPort, serverPort] = isForward
      ? [this.#sourcePort, this.#destinationPort]
      : [this.#destinationPort, this.#sourcePort];
    return new Flow(
      this.hash,
      this.#version,
      this.#protocol,
      client,
      server,
      clientPort,
      serverPort,
      now,
    );
  }
}

/** The finalizer of MurmurHash3 (Austin Appleby, public domain), by its published constants. */
function mix(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
