import type { IpAddress } from '../../base/addresses.ts';
import type { Random } from '../../base/random.ts';
import type { PlayCommand, PlayEvent } from '../../traffic/script/play.ts';
import type { PacketView } from '../../wire/packet.ts';
import type { Exit, FrameEmitter } from './frame-emitter.ts';

/** One end of a conversation, as its packets name it. */
export interface ChannelEnds {
  readonly own: IpAddress;
  readonly ownPort: number;
  readonly peer: IpAddress;
  readonly peerPort: number;
}

/** One party's end of one channel: what stands between its player and packets. Times are microseconds since the epoch. */
export interface RawChannel {
  /** When `tick` is wanted; Infinity: only packets and commands move it. */
  readonly nextDue: number;
  /** Whether nothing more of it leaves. */
  readonly isOver: boolean;
  /** The play begins. */
  start(now: number): void;
  perform(command: PlayCommand, now: number): 'done' | 'pending';
  /** A packet that is the channel's, whole. */
  receive(packet: PacketView, now: number): void;
  tick(now: number): void;
  /** The program is over: closes in peace what it left open. */
  finish(now: number): void;
  /** The play has failed: tears down at once. */
  abort(now: number): void;
}

/** Whom a channel speaks to, and how its packets get there. Where the peer is hidden, its first packet decides both. */
export interface ChannelPath {
  ends: ChannelEnds;
  exit: Exit;
  isPeerHidden: boolean;
}

/** What a channel is made with. */
export interface ChannelContext {
  readonly channel: number;
  readonly isSource: boolean;
  readonly path: ChannelPath;
  readonly emitter: FrameEmitter;
  /** Of the play: initial sequence numbers, identifications. */
  readonly random: Random;
  /** What the player hears, in order, after the call under way. */
  readonly tell: (event: PlayEvent) => void;
}
