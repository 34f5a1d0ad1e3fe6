// What a mirror is told, resolved: it copies what clients say to an online server to a target, as if they had said it there. Names: tcpcopy.

export interface PlanMirror extends MirrorSpec {
  readonly name: string;
  /** The server whose clients are copied. */
  readonly online: MirrorEnd;
  /** The server that gets the copies. */
  readonly target: MirrorEnd;
  /** The node to which the target's answers go and no further; the target itself where there is no third. */
  readonly assistant: string;
}

export interface MirrorEnd {
  readonly node: string;
  /** Of the online server all at which clients find it, virtual ones too. Of the target one a family at most: a client's copy goes to that of its own. */
  readonly addresses: readonly string[];
  readonly port: number;
}

/** Packets with which a mirror's target answers copies. */
export interface MirrorAnswers {
  readonly mirror: string;
  readonly protocol: 'tcp' | 'udp';
  /** Whence they come: the target's own addresses, and those at which copies are sent to it. */
  readonly addresses: readonly string[];
  readonly port: number;
  /** Prefixes that they are sent to. */
  readonly clients: readonly string[];
}

export interface MirrorSpec {
  readonly protocol: 'tcp' | 'udp';
  /** `packet`: the target sees the clients' own addresses. `stream`: a relay at the online server has a connection of its own for each. */
  readonly mode: 'packet' | 'stream';
  /** Prefixes whose clients are copied; empty: all. */
  readonly clients: readonly string[];
  /** Prefixes, one a family at most, from which copies come instead of the clients' own addresses; empty: their own. */
  readonly mapped: readonly string[];
  /** Copies of each session. */
  readonly multiply: number;
  /** Share of sessions that are copied, by the seed; a session is copied or not as a whole. */
  readonly sample: number;
  /** Milliseconds in which that share grows from none to all of itself. */
  readonly ramp: number;
  /** Whether only sessions are copied whose beginning was seen. */
  readonly fullSessions: boolean;
  /** `answers`: what a client said after an answer is said after the target's answer too. `none`: as soon as it comes. */
  readonly order: 'answers' | 'none';
  readonly timeouts: MirrorTimeouts;
  readonly limits: MirrorLimits;
  readonly source: MirrorSource;
  readonly compare: MirrorCompare | null;
  readonly hook: MirrorHookSpec | null;
}

/** Milliseconds. */
export interface MirrorTimeouts {
  /** That the target has to accept a connection. */
  readonly establish: number;
  /** That the target has to answer before what comes after the answer is said all the same. */
  readonly answer: number;
  /** Without a new acknowledgment of what waits for one, or without any window. */
  readonly stall: number;
  /** That the target has for the end, once the client has said all. */
  readonly closing: number;
  /** Without a packet of the client. */
  readonly idle: number;
  /** That bytes may be missing from the middle of what a client said before they count as lost by the capture. */
  readonly gap: number;
}

export interface MirrorLimits {
  readonly sessions: number;
  /** Bytes of one session, and of all, that wait for the target. */
  readonly sessionBytes: number;
  readonly totalBytes: number;
  /** Bytes under way to the target in one connection, whatever its window. */
  readonly flight: number;
  /** Bytes of the largest IP packet that is sent to the target. */
  readonly mtu: number;
  /** How often a copy may connect again after the target has closed before the client did. */
  readonly reopens: number;
}

export type MirrorSource =
  | { readonly kind: 'live' }
  /** A capture, whose time passes so much faster. */
  | { readonly kind: 'capture'; readonly file: string; readonly speed: number };

/** Answers of both servers are paired by request, as this protocol has them; `bytes`: whatever is said between two words of the client. */
export interface MirrorCompare {
  readonly protocol: 'bytes' | 'http' | 'postgres';
  /** Names of HTTP fields that may differ, in lower case. */
  readonly ignoreHeaders: readonly string[];
  /** Differences that are listed; all are counted. */
  readonly limit: number;
}

/** Clients authenticate to the target anew, since what they said to the online server holds for no other. */
export interface MirrorHookSpec {
  readonly kind: 'postgres';
  /** No plan holds a password. `variable`: of runner's environment, in which it is. `user` `*`: all others. */
  readonly passwords: readonly { readonly user: string; readonly variable: string }[];
}

/** At the online server, where assistants send the target's answers: of the first mirror of a plan, the others follow. tcpcopy's. */
export const ANSWERS_PORT = 36_524;
