// The contract between a relayed session (which owns no socket, clock or thread) and the loop that carries it.
import type {
  FieldEdit,
  HookPoint,
  ListEdit,
  RelayAudit,
  RelayFault,
  RelayFinding,
  RelayStatistics,
} from '../../model/relay.ts';
import type { Side } from '../../wire/protocol/contract.ts';

/** What a session has done for it. `leg` is the side that the socket leads to. */
export interface RelayPort {
  /** Bytes to be sent; the port copies what it cannot send at once, and says how much waits by `drained`. */
  write(leg: Side, bytes: Uint8Array): void;
  /** FIN after what was written. */
  end(leg: Side): void;
  /** RST at once. */
  reset(leg: Side): void;
  /** Whether more is to be read from this leg; it is until the session says otherwise. */
  listen(leg: Side, isWanted: boolean): void;
  /** Has a message processed on another thread; `Session.processed` brings the outcome. */
  process(ticket: number, work: RelayWork): void;
  audit(record: RelayAudit): void;
  finding(finding: RelayFinding): void;
  /** Something that the log is told. */
  note(text: string): void;
  /** Both legs are done with; nothing more comes. */
  closed(reason: SessionEnd): void;
}

/** One message for a worker: which rules, decided by whom carries it, and with which seed. */
export interface RelayWork {
  readonly session: number;
  readonly side: Side;
  readonly at: HookPoint;
  readonly message: number;
  readonly bytes: Uint8Array;
  /** Indices into `RelaySpec.rules`. */
  readonly rules: readonly number[];
  readonly fuzzed: boolean;
  /** Of the messages of its type that the fuzzer has looked at, counted from 1; 0: of none. */
  readonly nth: number;
}

export type SessionEnd =
  | 'finished'
  | 'reset-by-client'
  | 'reset-by-server'
  | 'reset-by-rule'
  | 'closed-by-rule'
  | 'reset-by-fault'
  | 'closed-by-fault'
  | 'dial-failed'
  | 'idle'
  | 'framing-fault'
  | 'stopped';

/** What a session is told. Times are microseconds since the epoch. */
export interface Session {
  readonly number: number;
  /** The target has accepted, or not. */
  dialled(now: number): void;
  dialFailed(reason: string, now: number): void;
  /** Bytes from that side; the session's until the call returns, also to be changed. */
  received(from: Side, bytes: Uint8Array, now: number): void;
  /** Its FIN. */
  ended(from: Side, now: number): void;
  /** Its RST, or another error of its socket. */
  failed(from: Side, reason: string, now: number): void;
  /** So many bytes still wait to be sent to that side. */
  drained(leg: Side, waiting: number, now: number): void;
  processed(ticket: number, outcome: ProcessedMessage, now: number): void;
  /** When `expire` has something to do; Infinity: never. */
  readonly nextDue: number;
  expire(now: number): void;
  /** The relay ends: what waits is not sent. */
  stop(now: number): void;
}

export interface ProcessedMessage {
  readonly bytes: Uint8Array;
  readonly audits: readonly RelayAudit[];
  /** Those of the fuzzer. */
  readonly mutations: readonly (FieldEdit | ListEdit)[];
}

/** Opens the sessions of one relay, which share its rules, and counts what they do. */
export interface Relay {
  /** A client has come, and its target is being dialled. */
  open(number: number, port: RelayPort, now: number): Session;
  /** Holds for sessions that are open and those to come. Throws a usage fault for two of one name. */
  setFaults(faults: readonly RelayFault[], now: number): void;
  /** Throws a usage fault where there is no such rule. */
  setRule(name: string, isEnabled: boolean): void;
  statistics(): SessionStatistics;
}

/** What sessions know. Connections and bytes are counted by whom carries them. */
export interface SessionStatistics extends Pick<
  RelayStatistics,
  'rules' | 'framingFaults' | 'unread' | 'overdue' | 'fuzzed' | 'findings'
> {
  readonly messages: Readonly<Record<'upstream' | 'downstream', MessageCount>>;
}

export interface MessageCount {
  readonly in: number;
  readonly out: number;
}
