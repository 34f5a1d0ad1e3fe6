import { addSequence } from '../../../wire/tcp.ts';
import type { HeldSegments } from '../../intercept/held-segments.ts';
import type { Opening } from '../../intercept/opening.ts';
import type { FlowProgress } from '../match/flow-progress.ts';
import type { CompiledRule } from '../match/rule.ts';
import { RuleMarks } from '../match/rule-marks.ts';
import { NO_RULES, type RuleSet } from '../match/rule-set.ts';
import type { ClientStream } from '../inspect/client-stream.ts';
import type { DatagramInspector } from '../inspect/datagram-inspector.ts';
import type { Inspector } from '../inspect/inspector.ts';
import type { AgeQueue } from './age-queue.ts';
import type { OrderTrack } from './order-track.ts';
import type { Block, ResidualEntry } from './residual.ts';
import { SequenceTrack } from './sequence-track.ts';
import type { Standing } from '../act/standing.ts';
import type { Treatment } from '../act/treatment.ts';
import type { WindowTrack } from './window-track.ts';

/** Bits of `Flow.ruleMarks`: chance chose the rule; it is not tried any more; its decision was reported. */
export const RULE_DRAWN = 1;
export const RULE_OVER = 2;
export const RULE_REPORTED = 4;

/** An address as four 32-bit words, most significant first; of IPv4 the last. */
export type AddressWords = readonly [number, number, number, number];

/** What marks are kept of. */
type Marked = Pick<CompiledRule, 'index'>;

/** Sequence numbers: the first, and the one after the last. */
export interface RefusedBytes {
  readonly from: number;
  readonly to: number;
}

/** One conversation between two endpoints. The client is who began it: forward is from client to server. */
export class Flow {
  readonly hash: number;
  readonly version: 4 | 6;
  readonly protocol: number;
  /** Client's and server's address as 32-bit words, kept in the flow itself to be near; IPv4 uses the last of each. */
  readonly client0: number;
  readonly client1: number;
  readonly client2: number;
  readonly client3: number;
  readonly server0: number;
  readonly server1: number;
  readonly server2: number;
  readonly server3: number;
  readonly clientPort: number;
  readonly serverPort: number;
  /** Microseconds. Numbers from the start: V8 writes those in place, and a reference to a boxed number in other fields. */
  lastSeen = 0;
  /** When it was last moved to the young end of the table's list. */
  touched = 0;
  /** Those of its stage; null once the table has forgotten it. */
  queue: AgeQueue<Flow> | null = null;
  older: Flow | null = null;
  younger: Flow | null = null;
  /** The next flow of the same bucket. */
  chain: Flow | null = null;

  /** No rule can act on it any more; what is left is `treatment`. */
  settled = false;
  standing: Standing | null = null;
  /** What happens to packets that pass, settled or not. */
  treatment: Treatment | null = null;
  residual: ResidualEntry | null = null;
  /** Bytes of the client that a rule over what they say has kept from the server, and nothing more: they are, however often they are sent. */
  refused: RefusedBytes | null = null;
  /** What `residual` has come to mean for this flow. */
  block: Block | null = null;
  /** The censor's epoch when this flow last looked for a residual block, and its generation of rules when it last chose among them. */
  residualEpoch = 0;
  generation = 0;
  /** How many RSTs and FINs it has met of those that count whatever their ports. */
  controlEpoch = 0;
  /** What was seen of its connection: bits of `connection.ts`. */
  marks = 0;
  /** Whether chance lets it be resynchronised or torn down; null until that matters. */
  isFickle: boolean | null = null;
  /** Whether the next segment of the client says where its stream goes on. */
  resyncs = false;
  /** What its ends would take; null where nothing is checked against it. */
  windows: WindowTrack | null = null;
  /** Where its words go on; null where they may come in any order. */
  order: OrderTrack | null = null;

  /** Rules that can still match, by direction. */
  forwardRules: RuleSet = NO_RULES;
  reverseRules: RuleSet = NO_RULES;
  /** Whether rules may be left that cannot match any more. */
  rulesChanged = true;
  /** Null while nothing is known of single rules. */
  ruleMarks: RuleMarks | null = null;
  /** Null when no rule asks how far the flow is. */
  progress: FlowProgress | null = null;
  /** Whether the client's bytes are looked at once there are some, and the sequence number of the first. */
  awaitsWords = false;
  firstWord = 0;
  /** Null when the client's bytes are not looked at, not yet or no longer. */
  stream: ClientStream | null = null;
  inspector: Inspector | null = null;
  /** Null before something but a SYN was seen: under a flood of those, flows are small. */
  #forward: SequenceTrack | null = null;
  #reverse: SequenceTrack | null = null;
  /** The sequence number of the client's SYN; -1 when it was not seen. */
  initialSequence = -1;
  /** Null when the client's datagrams are not looked at, or no longer. */
  datagrams: DatagramInspector | null = null;
  /** Where connections may be taken over: what its SYNs said, and what of its client waits for that to be decided. */
  opening: Opening | null = null;
  held: HeldSegments | null = null;
  /** The client's maximum segment size; 0 when its SYN was not seen. */
  maximumSegment = 0;

  constructor(
    hash: number,
    version: 4 | 6,
    protocol: number,
    client: AddressWords,
    server: AddressWords,
    clientPort: number,
    serverPort: number,
    now: number,
  ) {
    this.hash = hash;
    this.version = version;
    this.protocol = protocol;
    [this.client0, this.client1, this.client2, this.client3] = client;
    [this.server0, this.server1, this.server2, this.server3] = server;
    this.clientPort = clientPort;
    this.serverPort = serverPort;
    this.lastSeen = now;
    this.touched = now;
  }

  /** What the server expects of the client. */
  get forward(): SequenceTrack {
    if (this.#forward !== null) return this.#forward;
    const track = new SequenceTrack();
    if (this.initialSequence >= 0) track.begin(addSequence(this.initialSequence, 1));
    this.#forward = track;
    return track;
  }

  /** What the client expects of the server. */
  get reverse(): SequenceTrack {
    this.#reverse ??= new SequenceTrack();
    return this.#reverse;
  }

  /** Both directions start anew with their next segments: the flow is not followed for a while. */
  forgetSequences(): void {
    this.#forward?.forget();
    this.#reverse?.forget();
  }

  /** Whether the rule has the mark: one of the bits above. */
  hasMark({ index }: Marked, bit: number): boolean {
    return this.ruleMarks?.has(index, bit) === true;
  }

  mark({ index }: Marked, bit: number): void {
    this.ruleMarks ??= new RuleMarks();
    this.ruleMarks.add(index, bit);
  }

  /** Both addresses, client first, as text that is equal for equal ones. */
  get addressKey(): string {
    const client = `${this.client0}.${this.client1}.${this.client2}.${this.client3}`;
    return `${client}>${this.server0}.${this.server1}.${this.server2}.${this.server3}`;
  }
}

/** Nothing was decided that lasts, and no rule is left to try. */
export const isIdle = (flow: Flow): boolean =>
  flow.standing === null &&
  flow.residual === null &&
  flow.refused === null &&
  flow.forwardRules.length === 0 &&
  flow.reverseRules.length === 0;

/** From here on the flow is not followed: its treatment is all that is left. */
export function settle(flow: Flow): void {
  flow.settled = true;
  flow.forwardRules = NO_RULES;
  flow.reverseRules = NO_RULES;
  flow.progress = null;
  flow.awaitsWords = false;
  flow.stream = null;
  flow.inspector = null;
  flow.datagrams = null;
  flow.forgetSequences();
}
