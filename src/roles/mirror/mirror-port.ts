// The contract between a mirror (which owns no socket, clock or thread) and the loop that carries it.
import type { MirrorNews } from '../../model/mirror-record.ts';
import type { PacketView } from '../../wire/packet.ts';

/** What a mirror has done for it. */
export interface MirrorPort {
  /** A whole IP packet with right checksums, for the target and nobody else. The port copies it before it returns. */
  send(packet: Uint8Array): void;
  tell(news: MirrorNews): void;
  /** Of a session that is compared; see `compare/`. Never called where the mirror compares nothing. */
  heard(words: Words): void;
}

/** Bytes of a session in order, or that there are none any more. */
export interface Words {
  /** Counted from 1; of what the client and the online server say, `copy` is 0. */
  readonly session: number;
  readonly copy: number;
  /** `copy`: what a copy says to the target, each byte once a connection. */
  readonly from: 'client' | 'online' | 'copy' | 'target';
  /** Of `client` and `copy`: how often the client had spoken after an answer; of `copy` besides which connection it is, counted from 0. */
  readonly turn: number;
  readonly connection: number;
  readonly length: number;
  /** A view until the call returns; null: these bytes are not known. */
  readonly bytes: Uint8Array | null;
  /** Whether the side has said all; there are then no bytes. */
  readonly isEnd: boolean;
  /** Microseconds since the epoch. */
  readonly time: number;
}

/** What a mirror is told. Packets are loaded views, whose memory may change afterwards; times are microseconds since the epoch and never go back. */
export interface PacketMirror {
  /** A packet of a client to the online server, as captured there. */
  fromClient(view: PacketView, now: number): void;
  /** A packet of the online server to a client, its header at least. A mirror does without, but knows less. */
  fromOnline(view: PacketView, now: number): void;
  /** A packet of the target to a client, its header at least, from the assistant. */
  fromTarget(view: PacketView, now: number): void;
  /** A packet of the target was seen where none may be: on its way from the assistant to the clients. */
  noteLeak(now: number): void;
  /** When `onTime` is to be called; Infinity: nothing is to be waited for. */
  readonly nextDue: number;
  onTime(now: number): void;
  /** The mirror ends: each copy that is open is reset at the target, and told. */
  stop(now: number): void;
}
