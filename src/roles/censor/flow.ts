import type { CensorAction } from '../../model/censor.ts';
import type { CompiledRule } from './rule.ts';
import type { ClientStream } from './client-stream.ts';
import type { Inspector } from './inspector.ts';
import type { Limiter } from './limiter.ts';
import type { ResidualEntry } from './residual.ts';
import { SequenceTrack } from './sequence-track.ts';
import type { StandIn } from './stand-in.ts';

/** What has been decided about a flow for good, or for as long as it lives. */
export type Standing =
  | { readonly kind: 'reset'; readonly action: Extract<CensorAction, { kind: 'reset' }> }
  | { readonly kind: 'drop'; readonly forward: boolean; readonly reverse: boolean }
  | { readonly kind: 'stand-in'; readonly standIn: StandIn };

/** Bits of `Flow.ruleState`: chance chose the rule; it is not tried any more; its decision was reported. */
export const RULE_DRAWN = 1;
export const RULE_OVER = 2;
export const RULE_REPORTED = 4;

/** One conversation between two endpoints. The client is who began it: forward is from client to server. */
export class Flow {
  readonly hash: number;
  readonly version: 4 | 6;
  readonly protocol: number;
  /** Client's and server's address, four 32-bit words each; IPv4 uses the last of four. */
  readonly words: Int32Array;
  readonly clientPort: number;
  readonly serverPort: number;
  /** Microseconds. */
  lastSeen: number;
  /** When it was last moved to the young end of the table's list. */
  touched: number;
  older: Flow | null = null;
  younger: Flow | null = null;
  /** The next flow of the same bucket. */
  chain: Flow | null = null;

  /** No rule can act on it any more; what is left is `limiters`. */
  settled = false;
  standing: Standing | null = null;
  /** Of forward and reverse packets. */
  forwardLimiter: Limiter | null = null;
  reverseLimiter: Limiter | null = null;
  residual: ResidualEntry | null = null;
  /** How many lasting residual blocks there had been when this flow last looked for one. */
  residualEpoch = 0;

  /** Rules that can still match, by direction. */
  forwardRules: readonly CompiledRule[] = [];
  reverseRules: readonly CompiledRule[] = [];
  /** Whether rules may be left that cannot match any more. */
  rulesChanged = true;
  /** One byte a rule. */
  readonly ruleState: Uint8Array;
  /** Null when the client's bytes are not looked at, or no longer. */
  stream: ClientStream | null = null;
  inspector: Inspector | null = null;
  /** What the server expects of the client, and the client of the server. */
  readonly forward: SequenceTrack = new SequenceTrack();
  readonly reverse: SequenceTrack = new SequenceTrack();
  /** The sequence number of the client's SYN; -1 when it was not seen. */
  initialSequence = -1;
  /** How many more datagrams of the client are looked at; counts anew after each that held a query. */
  datagramLooks = 0;
  /** The client's maximum segment size; 0 when its SYN was not seen. */
  maximumSegment = 0;

  constructor(
    hash: number,
    version: 4 | 6,
    protocol: number,
    words: Int32Array,
    clientPort: number,
    serverPort: number,
    rules: number,
    now: number,
  ) {
    this.hash = hash;
    this.version = version;
    this.protocol = protocol;
    this.words = words;
    this.clientPort = clientPort;
    this.serverPort = serverPort;
    this.ruleState = new Uint8Array(rules);
    this.lastSeen = now;
    this.touched = now;
  }
}

/** Nothing was decided that lasts, and no rule is left to try. */
export const isIdle = (flow: Flow): boolean =>
  flow.standing === null &&
  flow.residual === null &&
  flow.forwardRules.length === 0 &&
  flow.reverseRules.length === 0;

/** From here on the flow is not followed: its limits are all that is left. */
export function settle(flow: Flow): void {
  flow.settled = true;
  flow.forwardRules = [];
  flow.reverseRules = [];
  flow.stream = null;
  flow.inspector = null;
  flow.datagramLooks = 0;
  flow.forward.forget();
  flow.reverse.forget();
}
