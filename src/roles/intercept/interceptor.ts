// Takes over connections whose opening was seen, and keeps them until they are over. Bounded: past the limit none is taken over any more.
import type { Random } from '../../base/random.ts';
import type { MitmAction } from '../../model/censor-action.ts';
import type { Effects } from '../../model/middlebox.ts';
import type { PacketView } from '../../wire/packet.ts';
import type { TcpOptionValues, TcpTimestamps } from '../../wire/tcp-options.ts';
import { readTcpOptions } from '../../wire/tcp-options.ts';
import { Interception } from './interception.ts';
import type { Opening } from './opening.ts';
import type { InterceptionNews, InterceptionWish, TakenConnection } from './words.ts';

/** Connections at a time. */
const LIMIT = 1024;

/** A connection at the moment when its client first says something. */
export interface Handover {
  /** The packet with which it does. */
  readonly view: PacketView;
  readonly opening: Opening | null;
  /** What the server expects of the client, and the client of the server. */
  readonly forwardNext: number;
  readonly reverseNext: number;
  readonly action: MitmAction;
  readonly rule: string;
  readonly random: Random;
  readonly effects: Effects;
}

/** Who takes connections over, as a censor sees it. */
export interface TakesOver {
  /** Null where it cannot be done: the opening was not seen, or there are too many. */
  takeOver(censor: string, handover: Handover, now: number): Interception | null;
}

export class Interceptor implements TakesOver {
  /** Connections that could not be taken over. */
  refused = 0;
  readonly #tell: (news: InterceptionNews) => void;
  readonly #live = new Map<number, Interception>();
  #wishes: InterceptionWish[] = [];
  #lastId = 0;

  constructor(tell: (news: InterceptionNews) => void) {
    this.#tell = tell;
  }

  takeOver(censor: string, handover: Handover, now: number): Interception | null {
    const { view, opening, effects, random, rule, action } = handover;
    const { client, server, serverWindow } = opening ?? {};
    if (!client || !server || serverWindow === undefined || this.#live.size >= LIMIT) {
      this.refused += 1;
      return null;
    }
    const id = (this.#lastId += 1);
    const { value, echo } = readTcpOptions(view.tcpOptions).timestamps ?? { value: 0, echo: 0 };
    const stamps = (own: TcpTimestamps): TcpTimestamps | null =>
      client.timestamps !== null && server.timestamps !== null ? own : null;
    const own = { offer: server, next: handover.reverseNext };
    const peer = { offer: client, next: handover.forwardNext };
    const interception = new Interception(
      {
        id,
        random,
        effects,
        tell: this.#tell,
        ends: {
          source: view.source,
          destination: view.destination,
          sourcePort: view.sourcePort,
          destinationPort: view.destinationPort,
        },
        client: {
          own,
          peer: { ...peer, window: view.window * 2 ** shiftOf(client, server) },
          timestamps: stamps({ value: echo, echo: value }),
        },
        server: {
          own: peer,
          peer: { ...own, window: serverWindow },
          timestamps: stamps({ value, echo }),
        },
      },
      now,
    );
    this.#live.set(id, interception);
    this.#tell({ kind: 'open', id, connection: describe(censor, rule, action, view) });
    return interception;
  }

  /** What is wished is done when its turn comes: `nextDue` says at once. */
  give(wish: InterceptionWish): void {
    this.#wishes.push(wish);
  }

  /** When `onTime` is to be called, microseconds since the epoch; Infinity when nothing is to be waited for. */
  get nextDue(): number {
    if (this.#wishes.length > 0) return 0;
    let due = Number.POSITIVE_INFINITY;
    for (const interception of this.#live.values()) due = Math.min(due, interception.nextDue);
    return due;
  }

  onTime(now: number): void {
    const wishes = this.#wishes;
    this.#wishes = [];
    for (const wish of wishes) this.#live.get(wish.id)?.obey(wish, now);
    for (const [id, interception] of this.#live) {
      if (interception.nextDue <= now) interception.tick(now);
      if (interception.isOver) this.#live.delete(id);
    }
  }
}

const describe = (
  censor: string,
  rule: string,
  action: MitmAction,
  view: PacketView,
): TakenConnection => ({
  censor,
  rule,
  action,
  client: view.sourceText,
  clientPort: view.sourcePort,
  server: view.destinationText,
  serverPort: view.destinationPort,
});

/** By how much windows of `sender` are scaled (RFC 7323 section 2.3). */
const shiftOf = (sender: TcpOptionValues, receiver: TcpOptionValues): number =>
  receiver.windowScale === null ? 0 : Math.min(14, sender.windowScale ?? 0);
