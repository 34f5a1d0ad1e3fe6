// What a censor is told, resolved. Research: OONI, Geneva, CensorLab names.
import type { CensorAction } from './censor-action.ts';
import type { Match } from './censor-match.ts';

export interface CensorSpec {
  readonly rules: readonly CensorRule[];
  /** What happens to a packet that cannot be parsed, and to one whose program fails; it is counted either way. */
  readonly onError: 'pass' | 'drop';
  /** Prefixes whose addresses are inside; empty: who is inside is not known, and `flow.origin` is of no flow. */
  readonly inside: readonly string[];
  readonly state: CensorState;
  readonly reassembly: CensorReassembly;
  readonly checks: CensorChecks;
  /** Judges the packets that no rule has decided. */
  readonly program?: CensorProgram;
  /** By `ListCondition.list`: the text of a list file as it was read, one entry a line. */
  readonly lists: readonly CensorList[];
  readonly models: readonly CensorModel[];
}

export interface CensorRule {
  readonly name: string;
  readonly match: Match;
  /** Done in this order; never empty. */
  readonly actions: readonly CensorAction[];
  /** The share of matching flows acted upon, decided once a flow from the seed. */
  readonly probability: number;
  /** Only so far into a direction of a flow: packets with payload, or bytes of payload. Null: without end. */
  readonly first: { readonly packets: number | null; readonly bytes: number | null } | null;
  /** Milliseconds from the packet that matched to the first effect; drawn once a firing. */
  readonly engageAfter: Span;
  readonly residual?: Residual;
}

/** Both ends belong to it. */
export interface Span {
  readonly low: number;
  readonly high: number;
}

/** Blocking of later flows after a rule has fired. */
export interface Residual {
  /** 1-tuple: the client's address; 2-tuple: both addresses; 3-tuple: both addresses and the server's port; 4-tuple: both ports too. */
  readonly key: '1-tuple' | '2-tuple' | '3-tuple' | '4-tuple';
  /** Milliseconds; drawn once a firing. */
  readonly for: Span;
  /** Whether a packet that falls under it starts the time anew. */
  readonly refresh: boolean;
  /** Whether flows that were there when the rule fired fall under it too; else only flows that begin later. */
  readonly existing: boolean;
  /** What happens to packets under it; empty means the rule's own actions. */
  readonly actions: readonly CensorAction[];
  /** The share of later flows that it holds for, decided once a flow from the seed. */
  readonly probability: number;
}

/** How a censor follows flows: the control block that it keeps of each (TCB in the papers). */
export interface CensorState {
  /** TCP segments that begin a flow; others of an unknown flow pass unseen. */
  readonly createOn: readonly ('SYN' | 'SYN+ACK' | 'data')[];
  /** Whether a flow's words count only after SYN, SYN+ACK and ACK were seen. */
  readonly handshake: boolean;
  /**
   * What makes it take the client's sequence number anew, from the next segment that the client sends: a repeated `SYN`, a `SYN+ACK`
   * whose acknowledgment does not fit, an `RST` (Wang, IMC 2017; Bock, CCS 2019). `ACK`: a segment of the client that says nothing and has no
   * other flag, and then from that segment itself.
   */
  readonly resyncOn: readonly ('SYN' | 'SYN+ACK' | 'RST' | 'FIN' | 'ACK')[];
  /** What makes it forget the flow. */
  readonly teardownOn: readonly ('RST' | 'FIN')[];
  /** What an RST or FIN must fit to do either: a flow's addresses, its ports too, or also the sequence number expected of its sender. */
  readonly control: 'addresses' | 'ports' | 'sequence';
  /** Share of flows that resynchronise or are torn down where the lists above say so, by the seed. */
  readonly resyncProbability: number;
  /** Milliseconds without a packet after which a flow is forgotten, by what it is. */
  readonly timeouts: {
    readonly syn: number;
    readonly established: number;
    readonly closing: number;
    readonly udp: number;
    readonly other: number;
  };
  /** Flows known at once. */
  readonly capacity: number;
  /** When it knows as many: `evict` forgets the least recently used, `pass` lets new flows go unseen, `drop` drops their packets. */
  readonly whenFull: 'evict' | 'pass' | 'drop';
}

/** What a censor puts together before it reads. */
export interface CensorReassembly {
  /** TCP segments, in order; else each segment is read by itself. */
  readonly tcp: boolean;
  /** Handshake messages over several TLS records. */
  readonly tlsRecord: boolean;
  /** IP fragments; else the first is read by itself and the others share its fate. */
  readonly ipFragment: boolean;
  /** CRYPTO frames of one QUIC packet, of several and of several datagrams; else each frame is read by itself. */
  readonly quicCrypto: boolean;
  /** Whose bytes count where segments or fragments overlap. */
  readonly overlap: 'first' | 'last';
  /** Bytes of one stream that may wait; a stream that needs more is given up. */
  readonly buffer: number;
  /** Fragments of one datagram that may wait; more are dropped (TSPU: 45). */
  readonly fragments: number;
}

/** Segments that the receiver would not take are ignored by a censor that checks; one that does not is fooled by them. */
export interface CensorChecks {
  /** IP and transport checksums. */
  readonly checksum: boolean;
  /** Hops from the censor to the server: packets of the client whose TTL does not reach are ignored. 0: not checked. */
  readonly hops: number;
  /** Segments with a TCP MD5 signature option (RFC 2385). */
  readonly md5: boolean;
  /** An acknowledgment of what the peer has not sent, and segments without the ACK flag after the handshake. */
  readonly ack: boolean;
  /** Sequence numbers outside the receiver's window. */
  readonly window: boolean;
  /** Timestamps older than the last (PAWS, RFC 7323 section 5). */
  readonly timestamp: boolean;
  /** Words that do not begin exactly where the last of their sender ended: the censor waits for nothing. Receivers would take them. */
  readonly inOrder: boolean;
}

/** A censor written by the experimenter: a child process that speaks the line protocol of docs/programs.md. */
export interface CensorProgram {
  /** Argument vector; what it names lies in `files`, or is found by the node's PATH. */
  readonly argv: readonly string[];
  /** Name → text. Put into the program's own directory, in which it starts. */
  readonly files: Readonly<Record<string, string>>;
  /** Which packets it is asked about. */
  readonly match: Match;
  /** What its verdicts may name, beside `pass`, `drop` and `reset`. */
  readonly actions: Readonly<Record<string, readonly CensorAction[]>>;
  /** Handed to it when it starts. */
  readonly params: Readonly<Record<string, string | number | boolean>>;
  /** Milliseconds for a verdict. */
  readonly timeout: number;
  /** Packets that may wait for a verdict at once. */
  readonly window: number;
}

export interface CensorList {
  /** As the file names it, for messages. */
  readonly file: string;
  readonly text: string;
}

/** An ONNX model. */
export interface CensorModel {
  readonly file: string;
  /** Base64. */
  readonly content: string;
}
