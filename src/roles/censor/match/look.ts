import type { PacketView } from '../../../wire/packet.ts';
import type { Message } from '../inspect/message.ts';
import type { FlowProgress } from './flow-progress.ts';
import { Hits } from './hits.ts';
import { NameIndex } from './name-index.ts';
import { PayloadFacts } from './payload-facts.ts';
import { PrefixIndex } from './prefix-index.ts';

/** What all packets of one direction of a flow have in common. */
export interface PacketHead {
  readonly memory: Uint8Array;
  readonly version: 4 | 6;
  readonly protocol: number;
  readonly hasTransport: boolean;
  readonly addressLength: number;
  readonly sourceOffset: number;
  readonly destinationOffset: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
}

/** What a rule is asked about: a packet, and one message that it completed; without one it is asked about the packet alone. */
export class Look {
  readonly view: PacketView;
  /** The view, unless a flow's other direction is looked at before it has a packet. */
  head: PacketHead;
  isForward = true;
  /** Microseconds since the epoch. */
  now = 0;
  progress: FlowProgress | null = null;
  message: Message | null = null;
  /** Which question of a DNS query. */
  question = 0;
  readonly payload: PayloadFacts = new PayloadFacts();
  readonly #prefixes: PrefixIndex;
  readonly #names: NameIndex;
  readonly #source: Hits;
  readonly #destination: Hits;
  readonly #name: Hits;
  #isSourceFound = false;
  #isDestinationFound = false;
  // What `#name` was found for.
  #namedMessage: Message | null = null;
  #namedQuestion = -1;

  /** `prefixSets`, `nameSets`: as `PrefixIndex` and `NameIndex` take them. */
  constructor(view: PacketView, prefixSets: readonly string[], nameSets: readonly string[]) {
    this.view = view;
    this.head = view;
    this.#prefixes = new PrefixIndex(prefixSets);
    this.#names = new NameIndex(nameSets);
    this.#source = new Hits(prefixSets.length);
    this.#destination = new Hits(prefixSets.length);
    this.#name = new Hits(nameSets.length);
  }

  /** Turns to the head of one direction of a flow. */
  turnTo(head: PacketHead, isForward: boolean): void {
    this.head = head;
    this.isForward = isForward;
    this.#isSourceFound = false;
    this.#isDestinationFound = false;
  }

  /** Turns to the packet in the view, by itself. */
  load(isForward: boolean, progress: FlowProgress | null, now: number): void {
    this.turnTo(this.view, isForward);
    this.progress = progress;
    this.now = now;
    this.payload.load(this.view);
    this.ask(null, 0);
  }

  /** Turns to one of the messages that the packet completed. */
  ask(message: Message | null, question: number): void {
    this.message = message;
    this.question = question;
  }

  /** The prefix sets that hold the source address. */
  get sourceSets(): Hits {
    if (!this.#isSourceFound) {
      this.#isSourceFound = true;
      this.#source.clear();
      const { memory, sourceOffset, addressLength } = this.head;
      this.#prefixes.find(memory, sourceOffset, addressLength, this.#source);
    }
    return this.#source;
  }

  /** The prefix sets that hold the destination address. */
  get destinationSets(): Hits {
    if (!this.#isDestinationFound) {
      this.#isDestinationFound = true;
      this.#destination.clear();
      const { memory, destinationOffset, addressLength } = this.head;
      this.#prefixes.find(memory, destinationOffset, addressLength, this.#destination);
    }
    return this.#destination;
  }

  /** The sets of patterns that hold the name which the message says. */
  get nameSets(): Hits {
    if (this.#namedMessage !== this.message || this.#namedQuestion !== this.question) {
      this.#namedMessage = this.message;
      this.#namedQuestion = this.question;
      this.#name.clear();
      const name = this.name;
      if (name !== null) this.#names.find(name, this.#name);
    }
    return this.#name;
  }

  /** The name that the message says; null when there is none. */
  get name(): string | null {
    const { message } = this;
    if (message === null) return null;
    switch (message.layer) {
      case 'dns':
        return message.query.questions[this.question]?.name ?? null;
      case 'http':
        return message.head.host === '' ? null : message.head.host;
      case 'tls':
      case 'quic':
        return message.hello.serverName;
      case 'ssh':
        return null;
    }
  }
}
