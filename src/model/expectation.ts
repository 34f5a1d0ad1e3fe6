// What a scenario says must come out.
import type { MirrorFindingCode } from './mirror-doctor.ts';
import type { CopyEnding } from './mirror-record.ts';
import type { Stage } from './outcome.ts';
import type { Cause } from './verdict.ts';

export type Expectation =
  | {
      readonly kind: 'flow';
      readonly id: string;
      readonly flow: string;
      /** An OONI failure string, null for success; absent when not asked. */
      readonly failure?: string | null;
      readonly cause?: Cause | null;
      /** The node that did it. */
      readonly by?: string;
      readonly stage?: Stage;
      /** Without what follows a colon it is met by any of its kind. */
      readonly outcome?: string;
      /** The server-side packet signature; null for a connection that ended in peace. */
      readonly signature?: string | null;
      /** Kinds of signals that must be there. */
      readonly signals?: readonly string[];
      /** What a flow lasted, in milliseconds. */
      readonly duration?: NumberRange;
      /** Bits per second received by the client. */
      readonly goodput?: NumberRange;
      /** Answers a DNS probe must have got, in any order. */
      readonly answers?: readonly string[];
      readonly status?: number;
      readonly exitCode?: number;
      /** The TTL at which something else than a router first answered a traceroute. */
      readonly hop?: number;
      /** Visits that succeeded. */
      readonly count?: NumberRange;
      /** How often a QUIC connection went on by another path, as its client could tell. */
      readonly pathChanges?: NumberRange;
    }
  | {
      readonly kind: 'capture';
      readonly id: string;
      /** The pcap files to look in, relative to the results folder. */
      readonly files: readonly string[];
      readonly node: string;
      /** A BPF filter, pcap-filter(7). */
      readonly filter: string;
      readonly count: NumberRange;
    }
  | {
      readonly kind: 'container';
      readonly id: string;
      readonly container: string;
      /** How it stood when the traffic had ended. */
      readonly state?: 'running' | 'exited';
      readonly exitCode?: number;
      readonly oomKilled?: boolean;
    }
  | {
      readonly kind: 'proxy';
      readonly id: string;
      readonly proxy: string;
      /** Its rule, and how many messages that has acted upon. */
      readonly rule?: { readonly name: string; readonly count: NumberRange };
      /** What mutated messages were answered, and how often. */
      readonly finding?: { readonly answer: string; readonly count: NumberRange };
      /** Accepted in all. */
      readonly sessions?: NumberRange;
      /** That came, both ways. */
      readonly messages?: NumberRange;
      readonly bytes?: NumberRange;
      readonly framingFaults?: NumberRange;
      readonly fuzzed?: NumberRange;
    }
  | {
      readonly kind: 'tunnel';
      readonly id: string;
      readonly tunnel: string;
      /** Whether both ends have completed one. */
      readonly handshake?: boolean;
      /** Packets that left by anything but a tunnel of `over`. */
      readonly leaked?: NumberRange;
      /** Of the bytes, on the way that carried the fewest and on the one that carried the most. */
      readonly minShare?: number;
      readonly maxShare?: number;
      /** How far the share of each may be from what its policy has it carry in the long run, of 1. */
      readonly shareWithin?: number;
      /** Whiles in which packets were sent by one of them and none came by it, of all together. */
      readonly silences?: NumberRange;
      readonly switches?: NumberRange;
      /** Milliseconds that 99 of 100 changes of the route took at most. */
      readonly switchTime?: NumberRange;
    }
  | {
      readonly kind: 'mirror';
      readonly id: string;
      readonly mirror: string;
      /** Of clients, that were seen; of these, that were not copied. */
      readonly sessions?: NumberRange;
      readonly refused?: NumberRange;
      /** Copies of which the target has all. */
      readonly whole?: NumberRange;
      /** Of the bytes that clients said, the share that the target acknowledged, of 1. */
      readonly copied?: NumberRange;
      /** Bytes that the target never had. */
      readonly short?: NumberRange;
      /** Packets of the target that went on to clients. */
      readonly leaked?: NumberRange;
      /** How copies ended, and how many. */
      readonly ending?: { readonly name: CopyEnding; readonly count: NumberRange };
      /** Of a mirror that compares: requests that both servers answered, those with other answers, those that the target did not answer. */
      readonly pairs?: NumberRange;
      readonly different?: NumberRange;
      readonly missing?: NumberRange;
      /** All that the doctor finds before the traffic, in any order. */
      readonly doctor?: readonly MirrorFindingCode[];
    }
  | {
      readonly kind: 'metric';
      readonly id: string;
      readonly metric: FlowMetric | MirrorMetric;
      /** A flow, or a mirror. */
      readonly of: string;
      /** Another one: what is looked at is by how much the metric is larger than that of this one. */
      readonly ratioTo?: string;
      readonly within: NumberRange;
    };

export type FlowMetric = 'rtt.p50' | 'rtt.p99' | 'duration.p50' | 'goodput.p50';

/** Of the milliseconds to the first byte of an answer, by server. */
export type MirrorMetric = 'online.p50' | 'online.p99' | 'target.p50' | 'target.p99';

/** Both ends inclusive; null is open. `text` is what the file says. */
export interface NumberRange {
  readonly min: number | null;
  readonly max: number | null;
  readonly text: string;
}

export interface ExpectationResult {
  readonly id: string;
  readonly expectation: Expectation;
  readonly held: boolean;
  /** One line for people: what was wished, what was found. */
  readonly detail: string;
}
