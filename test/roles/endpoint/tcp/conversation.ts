// Two connections and a link between them that loses, repeats and reorders, on a virtual clock: no waiting, the same each time.
import { type Random, seededRandom } from '../../../../src/base/random.ts';
import type { TcpEvent } from '../../../../src/roles/endpoint/tcp/event.ts';
import { type TcpEnds, packetsOf } from '../../../../src/roles/endpoint/tcp/packets.ts';
import type { TcpSegment } from '../../../../src/roles/endpoint/tcp/segment.ts';
import type { TcpPolicy, TcpSettings } from '../../../../src/roles/endpoint/tcp/settings.ts';
import { type Tcp, createTcp } from '../../../../src/roles/endpoint/tcp/tcp.ts';
import { PacketView } from '../../../../src/wire/packet.ts';
import { MILLI, START, swapped } from './playbook.ts';

export interface LinkSpec {
  readonly lossRatio: number;
  readonly duplicateRatio: number;
  /** One-way delay in milliseconds, and how much more it may be: more than the gap between packets reorders them. */
  readonly delay: number;
  readonly jitter: number;
}

export interface Party {
  readonly tcp: Tcp;
  readonly events: TcpEvent[];
  readonly segments: TcpSegment[];
  /** What it read so far. */
  received: Uint8Array;
}

interface Underway {
  readonly at: number;
  readonly to: Party;
  readonly packet: Uint8Array;
}

export class Conversation {
  now: number = START;
  readonly client: Party;
  readonly server: Party;
  /** Called for each segment that leaves, before it may be lost. */
  onSegment: (from: Party, segment: TcpSegment) => void = () => undefined;
  readonly #link: LinkSpec;
  readonly #chance: Random;
  readonly #view = new PacketView();
  #underway: Underway[] = [];

  constructor(
    seed: number,
    ends: TcpEnds,
    link: LinkSpec,
    settings: Partial<TcpSettings> = {},
    policy: Partial<TcpPolicy> = {},
  ) {
    this.#link = link;
    const random = seededRandom(seed);
    this.#chance = random.fork('link');
    const party = (name: string, from: TcpEnds, other: () => Party): Party => {
      const self: Party = {
        tcp: createTcp({
          settings,
          policy,
          random: random.fork(name),
          output: {
            emit: (segment) => {
              self.segments.push(segment);
              this.onSegment(self, segment);
              for (const packet of packetsOf(segment, from)) this.#carry(packet, other());
            },
            report: (event) => self.events.push(event),
          },
        }),
        events: [],
        segments: [],
        received: new Uint8Array(0),
      };
      return self;
    };
    this.client = party('client', ends, () => this.server);
    this.server = party('server', swapped(ends), () => this.client);
  }

  /** Runs until nothing is left to happen. */
  run(limit?: number): void {
    while (this.step(limit));
    for (const party of [this.client, this.server]) this.#read(party, undefined);
  }

  /** Lets the next thing happen. False when there is none. Whoever can read does so at once, at most `limit` bytes. */
  step(limit?: number): boolean {
    const next = this.#underway.reduce<Underway | null>(
      (first, one) => (first === null || one.at < first.at ? one : first),
      null,
    );
    const parties = [this.client, this.server];
    const due = Math.min(...parties.map(({ tcp }) => tcp.nextDue));
    const at = Math.min(next?.at ?? Infinity, due);
    if (at === Infinity) return false;
    this.now = Math.max(this.now, at);
    if (next !== null && next.at <= due) this.#deliver(next);
    else for (const { tcp } of parties) tcp.tick(this.now);
    for (const party of parties) this.#read(party, limit);
    return true;
  }

  #carry(packet: Uint8Array, to: Party): void {
    const { lossRatio, duplicateRatio, delay, jitter } = this.#link;
    const copies = this.#chance.next() < duplicateRatio ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      if (this.#chance.next() < lossRatio) continue;
      const at = this.now + (delay + jitter * this.#chance.next()) * MILLI;
      this.#underway.push({ at, to, packet });
    }
  }

  #deliver(one: Underway): void {
    this.#underway = this.#underway.filter((other) => other !== one);
    const memory = one.packet.slice();
    if (!this.#view.load(memory, 0, memory.length)) throw new Error(this.#view.fault ?? '');
    one.to.tcp.receive(this.#view, this.now);
    memory.fill(0xee);
  }

  #read(party: Party, limit: number | undefined): void {
    const bytes = party.tcp.read(this.now, limit);
    if (bytes.length > 0) party.received = Buffer.concat([party.received, bytes]);
  }
}
