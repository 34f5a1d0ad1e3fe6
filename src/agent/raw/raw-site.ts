import type { Egress, RawInterface } from './egress.ts';
import type { RawScript } from './raw-script.ts';
import type { RawNews } from './raw-thread.ts';

/** Where raw endpoints play: whose scripts, and in which network stacks. */
export interface RawSite extends RawNews {
  /** Of random payloads and numbers. */
  readonly seed: number;
  /** Undefined when the flow is none of raw endpoints. */
  script(flow: string): RawScript | undefined;
  /** Undefined for a node that is elsewhere: others play its parties. */
  stack(node: string): RawStack | undefined;
  /** Whether packets may come from other addresses than their senders have: NAT on the way. */
  readonly hasNat: boolean;
}

/** One network stack. */
export interface RawStack {
  readonly namespaceFd: number;
  readonly egress: Egress;
  /** By which packets may come in, besides those by which they leave. */
  readonly interfaces: readonly RawInterface[];
}
