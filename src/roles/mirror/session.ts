// What a mirror keeps of a client: how it is told of packets, and what it tells of its copies. `tcp-session.ts` and `datagram-session.ts` are the two kinds.
import type { Random } from '../../base/random.ts';
import type { MirrorSpec } from '../../model/mirror.ts';
import type { PacketView } from '../../wire/packet.ts';
import type { TcpEnds } from '../endpoint/tcp/packets.ts';
import type { MakeHook } from './hook.ts';
import type { MirrorPort } from './mirror-port.ts';
import type { Tally } from './tally.ts';

export interface SessionParts {
  /** Counted from 1. */
  readonly number: number;
  readonly spec: MirrorSpec;
  readonly copies: readonly CopyPlace[];
  readonly makeHook: MakeHook | null;
  readonly random: Random;
  readonly tally: Tally;
  readonly port: MirrorPort;
}

export interface CopyPlace {
  /** Of the mirror, counted from 1. */
  readonly number: number;
  /** From the client, as the target knows it, to the target. */
  readonly ends: TcpEnds;
}

/** Times are microseconds since the epoch. */
export interface Session {
  fromClient(view: PacketView, now: number): void;
  fromOnline(view: PacketView, now: number): void;
  /** An answer to the copy of this index. False when it is none that the copy knows. */
  fromTarget(index: number, view: PacketView, now: number): boolean;
  /** Whether a SYN is that of this session, sent again. */
  isOpenedBy(view: PacketView): boolean;
  /** The client has begun another session with the same ports: this one has had its last packet. */
  replace(now: number): void;
  readonly nextDue: number;
  expire(now: number): void;
  stop(now: number): void;
  /** All copies are over and told, and nothing more can come. */
  readonly isOver: boolean;
}
