// What a capture, or a list of packets, says that two parties are to do: between the file that it was read from and the
// instructions that play it.
import type { ScriptEndpoint, SequenceNumber, TcpOptionSpec } from '../../model/script.ts';

/**
 * How near to the capture a replay is. `payload`: what the applications sent, over real sockets. `raw`: each TCP segment with
 * its header. `packet`: each IP packet, of whatever protocol.
 */
export type ReplayLevel = 'payload' | 'raw' | 'packet';

export interface ReplayScript {
  readonly level: ReplayLevel;
  /** In order of their first packets. */
  readonly conversations: readonly ReplayConversation[];
  /** What was left out or made up, a sentence each. */
  readonly notes: readonly string[];
}

/** All that two endpoints sent each other. */
export interface ReplayConversation {
  /** Place among all conversations of the file, from 1: `--flow '#3'`. */
  readonly number: number;
  /** `raw-tcp` at level `raw`, `raw-ip` at level `packet`; else what it was. UDP is `udp` at level `raw` as well. */
  readonly transport: 'tcp' | 'udp' | 'raw-tcp' | 'raw-ip';
  /** The IP protocol number: 6 TCP, 17 UDP; at level `packet` that of the first packet. */
  readonly protocol: number;
  /** The side that began; ports are 0 where the protocol has none. */
  readonly client: ScriptEndpoint;
  readonly server: ScriptEndpoint;
  /** Milliseconds from the first packet of the file to the first of this conversation. */
  readonly begin: number;
  /** In order of `at`. */
  readonly steps: readonly ReplayStep[];
}

export type ReplayParty = 'client' | 'server';

export type ReplayStep = {
  readonly party: ReplayParty;
  /** Milliseconds since the conversation's first packet, a SYN where it was captured: since the play began. */
  readonly at: number;
  /** In place of `at`: milliseconds after what comes before it, be it sent or received. Lists of packets have it. */
  readonly after?: number;
  /** The packet of the capture that it stands for, from 1 as Wireshark counts; of a list, its entry. */
  readonly frame: number;
} & (
  | ReplaySegment
  /** One segment or datagram of its own. Level `payload`. */
  | { readonly kind: 'send'; readonly payload: ReplayPayload }
  /** As the instruction of that name. Level `payload`. */
  | { readonly kind: 'close'; readonly how: 'fin' | 'half' | 'reset' }
  /** A whole IP packet with the addresses of the capture. Level `packet`. */
  | { readonly kind: 'packet'; readonly payload: ReplayPayload }
);

/** One TCP segment. Level `raw`. Absent fields are the stack's own. */
export interface ReplaySegment {
  readonly kind: 'segment';
  /** Bits of TCP_FLAG. */
  readonly flags: number;
  readonly payload: ReplayPayload;
  /** That of a SYN is absolute, so that selective acknowledgments stay right; others count from it. */
  readonly sequence?: SequenceNumber;
  /** Absent without ACK. */
  readonly acknowledgment?: SequenceNumber;
  /** As in the header, not scaled. */
  readonly window?: number;
  readonly urgentPointer?: number;
  readonly options?: readonly TcpOptionSpec[];
  /** Where it is not what the sender's packets usually have. */
  readonly ttl?: number;
  readonly trafficClass?: number;
}

/** `random`: so many bytes that the capture did not keep. */
export type ReplayPayload =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'random'; readonly size: number };
