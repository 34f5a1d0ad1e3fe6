// What happened to a flow and why, with the packets that prove it.
import type { FiveTuple } from './observation.ts';
import type { Stage } from './outcome.ts';
import type { SignalKind } from './signal.ts';

export type Cause =
  | 'injected-rst'
  | 'injected-fin'
  | 'injected-dns'
  | 'injected-page'
  | 'injected-data'
  | 'dropped'
  | 'tampered'
  | 'intercepted'
  | 'redirected'
  | 'throttled'
  | 'delayed'
  | 'refused-by-peer'
  | 'reset-by-peer'
  | 'link-loss'
  | 'unreachable'
  | 'unexplained';

export interface Verdict {
  readonly flow: string;
  /** OONI failure string of the flow: of its attempts, the first that failed; null when all succeeded. */
  readonly failure: string | null;
  /** Null when nothing interfered. A flow may succeed and still have a cause (throttled, delayed, injected and outrun). */
  readonly cause: Cause | null;
  /** The node that did it, as far as the captures tell. */
  readonly by: string | null;
  /** One line for people, such as `RST injected by middle`. */
  readonly summary: string;
  readonly proof: readonly Proof[];
  /** Where it failed, or how far it got, in Censored Planet's words. */
  readonly stage: Stage;
  /** How that stage ended, in Censored Planet's words: `match`, `tcp.reset`, `dns.error:NXDOMAIN`. */
  readonly outcome: string;
  /** What the server saw of it: `⟨PSH+ACK→RST+ACK⟩`. Null when it ended in peace, is no TCP or no capture of the server exists. */
  readonly signature: string | null;
  /** What packets of any attempt betray, whether or not it explains the failure. */
  readonly signals: readonly Signal[];
  readonly attempts: number;
  readonly failedAttempts: number;
  /** Of a script that failed: which party did, at which step, and why. */
  readonly detail?: string;
  readonly fiveTuple: FiveTuple | null;
  readonly metrics: FlowMetrics;
  /** What the same flow did without censors; absent without a control arm. */
  readonly control?: {
    readonly failure: string | null;
    readonly metrics: FlowMetrics;
    readonly changed: string;
  };
}

export interface Signal {
  readonly kind: SignalKind;
  /** The end that the packets in question were for. */
  readonly side: 'client' | 'server';
  /** The figures that the packets show, in one line. */
  readonly detail: string;
  readonly proof: readonly Proof[];
  /** The node that did it, where the captures tell. */
  readonly by?: string;
}

/** One packet (or its absence) in one capture. */
export interface Proof {
  /** `client.inside`: node and network of the capture. `middle.mitm.audit`: node and name of a relay, of its audit file or log. */
  readonly capture: string;
  /** The line of an audit file; frame number in that pcap as Wireshark counts, from 1; null when the proof is that no such packet is there. */
  readonly frame: number | null;
  /** What it shows, such as `RST, seq 1, from 10.10.2.2:443` or `no such packet left server`. */
  readonly note: string;
}

export interface FlowMetrics {
  /** Milliseconds from start to end, medians over attempts. */
  readonly duration: number | null;
  /** Milliseconds from SYN to SYN+ACK, or query to answer, at the client's capture. */
  readonly rtt: number | null;
  /** Bits per second of payload that the client received between first and last byte. */
  readonly goodput: number | null;
  readonly received: number;
  readonly retransmissions: number;
}
