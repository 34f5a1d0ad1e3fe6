// What the capture thread and its controller say to each other.
import type { AgentFault } from '../../model/rpc.ts';

export interface CaptureOrder {
  /** `client.inside`, for messages. */
  readonly name: string;
  readonly interface: string;
  /** Descriptor of the node's network namespace. */
  readonly namespace: number;
  /** Absolute. */
  readonly file: string;
  readonly filter: string;
  readonly snaplen: number;
}

/** A BPF filter, and whose it is: `capture client.inside`. */
export interface NamedFilter {
  readonly owner: string;
  readonly filter: string;
}

export interface CaptureCounts {
  readonly packets: number;
  /** Bytes captured, without file headers. */
  readonly bytes: number;
  /** Packets that found the ring full, or that could not be written. */
  readonly dropped: number;
}

export type CaptureRequest =
  /** Loads libpcap, and lets it read every filter of the plan; `scratch` is a file to write for that. */
  | { readonly method: 'load'; readonly filters: readonly NamedFilter[]; readonly scratch: string }
  | { readonly method: 'start'; readonly orders: readonly CaptureOrder[] }
  /** Answered with `CaptureCounts[]`, in the order of `start`. */
  | { readonly method: 'stop' }
  | { readonly method: 'count'; readonly files: readonly string[]; readonly filter: string };

export type CaptureReply =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly fault: AgentFault }
  /** Said unasked: a capture lost packets for good; `gone` names one whose interface is. */
  | { readonly broken: AgentFault; readonly gone?: string };

export type NumberedRequest = CaptureRequest & { readonly id: number };
