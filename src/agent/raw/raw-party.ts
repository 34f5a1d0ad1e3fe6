// One party of one play: its player, and its ends of channels.
import { formatIp } from '../../base/addresses.ts';
import type { Random } from '../../base/random.ts';
import { invariant } from '../../base/invariant.ts';
import type {
  ChannelTuple,
  PartyReport,
  RawDefaults,
  RawTransport,
  ScriptParty,
} from '../../model/script.ts';
import type { PlayCommand, PlayDriver, PlayEvent, Player } from '../../traffic/script/play.ts';
import { createPlayer } from '../../traffic/script/player.ts';
import type { PacketView } from '../../wire/packet.ts';
import type { ChannelPath, RawChannel } from './channel.ts';
import { DatagramChannel } from './datagram-channel.ts';
import type { FrameEmitter } from './frame-emitter.ts';
import type { PacketTaker, RawPlace } from './raw-place.ts';
import { TcpChannel } from './tcp-channel.ts';

/** Frames of one turn after which a party waits for the next, so that others have theirs and what comes in is read. */
const FRAMES_A_TURN = 512;
/** Microseconds that channels have to close in peace once the program is over. */
const CLOSING_LIMIT = 2e6;

export interface RawEnd {
  readonly channel: number;
  readonly isSource: boolean;
  readonly path: ChannelPath;
}

export interface RawPartyOptions {
  readonly party: ScriptParty;
  readonly transport: RawTransport;
  readonly defaults: RawDefaults;
  /** Milliseconds. */
  readonly timeout: number;
  /** The plan's. */
  readonly seed: number;
  /** This play's. */
  readonly random: Random;
  readonly place: RawPlace;
  readonly ends: readonly RawEnd[];
  readonly emitter: FrameEmitter;
}

export class RawParty implements PlayDriver {
  readonly #options: RawPartyOptions;
  readonly #player: Player;
  readonly #channels = new Map<number, RawChannel>();
  readonly #takers: PacketTaker[] = [];
  readonly #events: PlayEvent[] = [];
  #now = 0;
  /** Microseconds since the epoch; null before and until then. */
  #start: number | null = null;
  #end: number | null = null;
  #opened: number | null = null;
  #hasMet = false;
  /** Of the command that waits for the next turn. */
  #yielded: number | null = null;

  constructor(options: RawPartyOptions) {
    this.#options = options;
    const { party, transport, seed, timeout, ends } = options;
    for (const end of ends) this.#addChannel(end);
    const channels = ends.map(({ channel }) => channel);
    this.#player = createPlayer(party.program, { seed, transport, channels, timeout }, this);
  }

  /** False when another play has one of its channels. */
  register(): boolean {
    const { table } = this.#options.place;
    return this.#takers.every((taker) => table.add(taker));
  }

  release(): void {
    for (const taker of this.#takers) this.#options.place.table.remove(taker);
  }

  /** Whether a packet of its conversations has come. */
  get hasMet(): boolean {
    return this.#hasMet;
  }

  /** When `tick` is wanted. */
  get nextDue(): number {
    if (this.#yielded !== null || this.#events.length > 0) return 0;
    let due = this.#end === null ? this.#player.nextDue : this.#end + CLOSING_LIMIT;
    for (const channel of this.#channels.values()) due = Math.min(due, channel.nextDue);
    return due;
  }

  /** Whether the program is over and nothing more leaves. */
  isOver(now: number): boolean {
    if (this.#end === null) return false;
    if (now >= this.#end + CLOSING_LIMIT) return true;
    for (const channel of this.#channels.values()) if (!channel.isOver) return false;
    return true;
  }

  start(now: number): void {
    this.#now = now;
    this.#start = now;
    for (const channel of this.#channels.values()) channel.start(now);
    this.#player.start(now);
    this.#settle();
  }

  tick(now: number): void {
    this.#now = now;
    for (const channel of this.#channels.values()) if (channel.nextDue <= now) channel.tick(now);
    if (this.#yielded !== null) {
      const channel = this.#yielded;
      this.#yielded = null;
      this.#events.push({ kind: 'sent', channel });
    }
    if (this.#player.nextDue <= now) this.#player.tick(now);
    this.#settle();
  }

  perform(command: PlayCommand): 'done' | 'pending' {
    const channel = this.#channels.get(command.channel);
    invariant(channel, `The party is an end of channel ${command.channel}`);
    if (channel.perform(command, this.#now) === 'pending') return 'pending';
    if (this.#options.emitter.emitted < FRAMES_A_TURN) return 'done';
    this.#yielded = command.channel;
    return 'pending';
  }

  /** After its end. */
  report(): PartyReport {
    const { party } = this.#options;
    const { outcome } = this.#player;
    invariant(outcome, 'A play is reported when it is over');
    const { fault, step, received, sent } = outcome;
    const start = this.#start ?? 0;
    return {
      party: party.name,
      node: party.node,
      failure: fault?.failure ?? null,
      operation: fault?.operation ?? null,
      step,
      ...(fault && { detail: fault.detail }),
      start,
      end: this.#end ?? start,
      received,
      sent,
      timings: this.#opened === null ? {} : { open: (this.#opened - start) / 1000 },
      tuples: this.#options.ends.flatMap((end) => this.#tuple(end)),
    };
  }

  /** Hands what happened to the player, one after the other: what it commands may make more happen. */
  #settle(): void {
    for (let event = this.#events.shift(); event; event = this.#events.shift()) {
      if (event.kind === 'open') this.#opened ??= this.#now;
      this.#player.handle(event, this.#now);
    }
    if (this.#player.outcome && this.#end === null) this.#conclude();
  }

  #conclude(): void {
    this.#end = this.#now;
    const hasFailed = this.#player.outcome?.fault !== null;
    for (const channel of this.#channels.values())
      if (hasFailed) channel.abort(this.#now);
      else channel.finish(this.#now);
  }

  #addChannel({ channel: number, isSource, path }: RawEnd): void {
    const { transport, emitter, random, defaults, party } = this.#options;
    const context = {
      channel: number,
      isSource,
      path,
      emitter,
      random: random.fork(`${number}`),
      tell: (event: PlayEvent) => void this.#events.push(event),
    };
    const channel =
      transport === 'raw-tcp'
        ? new TcpChannel(context, defaults, party.program)
        : new DatagramChannel(context, transport);
    this.#channels.set(number, channel);
    this.#takers.push({ transport, path, take: (packet, now) => this.#take(channel, packet, now) });
  }

  #take(channel: RawChannel, packet: PacketView, now: number): void {
    this.#now = now;
    this.#hasMet = true;
    channel.receive(packet, now);
    this.#settle();
  }

  #tuple({ channel, isSource, path: { ends } }: RawEnd): ChannelTuple[] {
    const { transport } = this.#options;
    if (transport === 'raw-ip') return [];
    const own = { address: formatIp(ends.own), port: ends.ownPort };
    const peer = { address: formatIp(ends.peer), port: ends.peerPort };
    const [source, destination] = isSource ? [own, peer] : [peer, own];
    return [
      {
        channel,
        protocol: transport === 'raw-tcp' ? 'tcp' : 'udp',
        source: source.address,
        sourcePort: source.port,
        destination: destination.address,
        destinationPort: destination.port,
      },
    ];
  }
}
