// A client and a server with a censor between them that may take their connection over, on a virtual clock and links that lose, repeat and
// reorder. Where the lab speaks TLS, this one turns every byte round: who reads what came can tell through whose hands it went.
import { type Random, seededRandom } from '../../../src/base/random.ts';
import { DEFAULT_CENSOR, DEFAULT_REASSEMBLY } from '../../../src/model/censor-defaults.ts';
import type { CensorRule } from '../../../src/model/censor.ts';
import type { CensorEvent, Effects } from '../../../src/model/middlebox.ts';
import type { Censor } from '../../../src/roles/censor/censor.ts';
import { createCensor } from '../../../src/roles/censor/create-censor.ts';
import type { TcpEvent } from '../../../src/roles/endpoint/tcp/event.ts';
import { type TcpEnds, packetsOf } from '../../../src/roles/endpoint/tcp/packets.ts';
import type { TcpSettings } from '../../../src/roles/endpoint/tcp/settings.ts';
import { type Tcp, createTcp } from '../../../src/roles/endpoint/tcp/tcp.ts';
import { Interceptor } from '../../../src/roles/intercept/interceptor.ts';
import type { InterceptionNews } from '../../../src/roles/intercept/words.ts';
import { concatBytes } from '../../../src/wire/bytes.ts';
import { PacketView } from '../../../src/wire/packet.ts';
import { swapped } from '../endpoint/tcp/playbook.ts';

export const START = 1_700_000_000_000_000;
export const SECOND = 1_000_000;

type Place = 'client' | 'server' | 'censor';

interface Underway {
  readonly at: number;
  readonly from: Place;
  readonly to: Place;
  readonly packet: Uint8Array;
}

export interface End {
  readonly tcp: Tcp;
  readonly events: TcpEvent[];
  received: Uint8Array;
}

export interface CrossingOptions {
  readonly ends: TcpEnds;
  readonly rules: readonly CensorRule[];
  readonly seed?: number;
  readonly loss?: number;
  readonly duplicates?: number;
  /** Milliseconds that a packet may take longer than the 5 that each takes. */
  readonly jitter?: number;
  readonly client?: Partial<TcpSettings>;
  readonly server?: Partial<TcpSettings>;
  /** Whether the censor puts segments together. */
  readonly reassembles?: boolean;
  /** False: nobody takes over. */
  readonly intercepts?: boolean;
}

export class Crossing {
  now: number = START;
  readonly client: End;
  readonly server: End;
  readonly censor: Censor;
  readonly interceptor: Interceptor;
  readonly events: CensorEvent[] = [];
  readonly news: InterceptionNews[] = [];
  /** What passed the censor as it was, and what it sent of its own. */
  passed = 0;
  injected = 0;
  /** Whether who would speak TLS does as told; otherwise it says nothing. */
  isAnswering = true;
  readonly #options: CrossingOptions;
  readonly #chance: Random;
  readonly #view = new PacketView();
  #underway: Underway[] = [];

  constructor(options: CrossingOptions) {
    const { ends, seed = 1, rules, intercepts = true, reassembles = true } = options;
    this.#options = options;
    const random = seededRandom(seed);
    this.#chance = random.fork('links');
    const end = (name: 'client' | 'server', from: TcpEnds): End => {
      const events: TcpEvent[] = [];
      const tcp = createTcp({
        settings: options[name] ?? {},
        random: random.fork(name),
        output: {
          emit: (segment) => {
            for (const packet of packetsOf(segment, from)) this.#send(name, 'censor', packet);
          },
          report: (event) => events.push(event),
        },
      });
      return { tcp, events, received: new Uint8Array(0) };
    };
    this.client = end('client', ends);
    this.server = end('server', swapped(ends));
    this.interceptor = new Interceptor((news) => this.#hear(news));
    const interceptor = intercepts ? this.interceptor : null;
    const reassembly = { ...DEFAULT_REASSEMBLY, tcp: reassembles };
    const spec = { ...DEFAULT_CENSOR, rules, reassembly, interceptor };
    this.censor = createCensor('censor', spec, seed);
    this.server.tcp.listen();
    this.client.tcp.open(this.now);
  }

  /** Goes on until `isDone`, or nothing is left to happen, or so many microseconds have passed. */
  run(isDone: () => boolean = () => false, limit: number = 60 * SECOND): void {
    const until = this.now + limit;
    while (!isDone()) {
      const next = Math.min(
        this.client.tcp.nextDue,
        this.server.tcp.nextDue,
        this.interceptor.nextDue,
        ...this.#underway.map(({ at }) => at),
      );
      if (next > until) {
        this.now = until;
        return;
      }
      this.now = Math.max(this.now, next);
      this.#step();
    }
  }

  #step(): void {
    const arrived = this.#underway.filter(({ at }) => at <= this.now);
    this.#underway = this.#underway.filter(({ at }) => at > this.now);
    for (const one of arrived) this.#arrive(one);
    if (this.interceptor.nextDue <= this.now) this.interceptor.onTime(this.now);
    for (const end of [this.client, this.server]) {
      if (end.tcp.nextDue <= this.now) end.tcp.tick(this.now);
      end.received = concatBytes(end.received, end.tcp.read(this.now));
    }
  }

  #arrive({ from, to, packet }: Underway): void {
    if (to !== 'censor') {
      if (this.#view.load(packet, 0, packet.length)) this[to].tcp.receive(this.#view, this.now);
      return;
    }
    const onward = from === 'client' ? 'server' : 'client';
    const disposition = this.censor.judge(packet, 0, packet.length, this.now, this.#effects);
    if (disposition !== 'pass') return;
    this.passed += 1;
    this.#send('censor', onward, packet);
  }

  readonly #effects: Effects = {
    emit: (packet, _at, origin) => {
      const view = new PacketView();
      view.load(packet, 0, packet.length);
      const { destinationPort } = this.#options.ends;
      if (origin === 'injected') this.injected += 1;
      this.#send('censor', view.destinationPort === destinationPort ? 'server' : 'client', packet);
    },
    report: (event) => this.events.push(event),
  };

  #send(from: Place, to: Place, packet: Uint8Array): void {
    const { loss = 0, duplicates = 0, jitter = 0 } = this.#options;
    const copies = this.#chance.next() < duplicates ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      if (this.#chance.next() < loss) continue;
      const at = this.now + 5000 + Math.round(this.#chance.next() * jitter * 1000);
      this.#underway.push({ at, from, to, packet: packet.slice() });
    }
  }

  #hear(news: InterceptionNews): void {
    this.news.push(news);
    if (!this.isAnswering || news.kind === 'open' || news.kind === 'sent') return;
    const { id } = news;
    const side = news.side === 'client' ? 'server' : 'client';
    if (news.kind === 'gone') this.interceptor.give({ kind: 'reset', id, side });
    if (news.kind === 'end') this.interceptor.give({ kind: 'end', id, side });
    if (news.kind !== 'data') return;
    this.interceptor.give({ kind: 'send', id, side, bytes: turned(news.bytes) });
    this.interceptor.give({ kind: 'used', id, side: news.side, bytes: news.bytes.length });
  }
}

/** Every bit the other way round. */
export const turned = (bytes: Uint8Array): Uint8Array => bytes.map((byte) => byte ^ 0xff);
