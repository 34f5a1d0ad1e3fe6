// A connection that was taken over in its middle: server to the client, client to the server, on the same addresses, ports and sequence
// numbers, so that neither end sees another connection than the one it has.
import type { Random } from '../../base/random.ts';
import type { Effects } from '../../model/middlebox.ts';
import type { TcpEnds } from '../endpoint/tcp/packets.ts';
import type { OpenConnection } from '../endpoint/tcp/open-connection.ts';
import type { PacketView } from '../../wire/packet.ts';
import { finishChecksum } from './finish-checksum.ts';
import { Leg } from './leg.ts';
import type { InterceptionNews, InterceptionWish } from './words.ts';

/** Microseconds in which nothing happens at all, after which it is given up. */
const SILENCE_LIMIT = 600e6;

export interface InterceptionParts {
  readonly id: number;
  /** From client to server. */
  readonly ends: TcpEnds;
  readonly client: OpenConnection;
  readonly server: OpenConnection;
  readonly random: Random;
  /** Where packets leave, until others are given with a packet that comes. */
  readonly effects: Effects;
  readonly tell: (news: InterceptionNews) => void;
}

export class Interception {
  readonly #client: Leg;
  readonly #server: Leg;
  #effects: Effects;
  #now: number;
  #lastUse: number;

  constructor({ ends, client, server, effects, ...parts }: InterceptionParts, now: number) {
    this.#effects = effects;
    this.#now = now;
    this.#lastUse = now;
    const emit = (packet: Uint8Array): void => this.#effects.emit(packet, this.#now, 'injected');
    const back: TcpEnds = {
      source: ends.destination,
      destination: ends.source,
      sourcePort: ends.destinationPort,
      destinationPort: ends.sourcePort,
    };
    this.#client = new Leg({ ...parts, side: 'client', ends: back, emit }, client, now);
    this.#server = new Leg({ ...parts, side: 'server', ends, emit }, server, now);
  }

  /** When `tick` is to be called, microseconds since the epoch. */
  get nextDue(): number {
    if (this.isOver) return 0;
    return Math.min(this.#client.nextDue, this.#server.nextDue, this.#lastUse + SILENCE_LIMIT);
  }

  get isOver(): boolean {
    return this.#client.isOver && this.#server.isOver;
  }

  /** Takes a packet of the connection's: it goes no further. */
  receive(view: PacketView, isForward: boolean, now: number, effects: Effects): void {
    this.#effects = effects;
    this.#use(now);
    finishChecksum(view);
    (isForward ? this.#client : this.#server).receive(view, this.#now);
  }

  obey(wish: InterceptionWish, now: number): void {
    this.#use(now);
    const leg = wish.side === 'client' ? this.#client : this.#server;
    switch (wish.kind) {
      case 'send':
        leg.send(wish.bytes, this.#now);
        return;
      case 'used':
        leg.noteUsed(wish.bytes, this.#now);
        return;
      case 'end':
        leg.end(this.#now);
        return;
      case 'reset':
        leg.reset(this.#now);
    }
  }

  tick(now: number): void {
    this.#now = Math.max(this.#now, now);
    if (this.#now >= this.#lastUse + SILENCE_LIMIT) {
      this.abandon(now);
      return;
    }
    this.#client.tick(this.#now);
    this.#server.tick(this.#now);
  }

  /** Ends both connections at once. */
  abandon(now: number): void {
    this.#use(now);
    this.#client.reset(this.#now);
    this.#server.reset(this.#now);
  }

  /** Packets bear the time of their capture, which is a little before that of the turn in which timers ran. */
  #use(now: number): void {
    this.#now = Math.max(this.#now, now);
    this.#lastUse = this.#now;
  }
}
