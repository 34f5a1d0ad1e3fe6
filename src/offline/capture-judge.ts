// The censor of a lab over a capture: the same packets, judged by the same code, on the capture's own clock.
import type { IpPrefix } from '../base/addresses.ts';
import type { CensorStatistics } from '../model/censor-statistics.ts';
import type { CensorEvent, Disposition, Effects } from '../model/middlebox.ts';
import type { Censor } from '../roles/censor/censor.ts';
import { CaptureReader } from '../wire/capture-reader.ts';
import { findIpPacketAt } from '../wire/link-layer.ts';
import { NO_ROW } from './flow-index.ts';
import { FlowLedger } from './flow-ledger.ts';
import type { FlowRecord } from './flow-record.ts';
import type { Decision, JudgedPacket, OfflineCounters } from './judged-packet.ts';
import { Outbox, type PacketSink } from './outbox.ts';

/** What happened to the censor while the packets came. */
export interface TimedChange {
  /** Microseconds since the epoch: the first packet of that time or later meets the changed censor. */
  readonly time: number;
  readonly make: () => void;
}

export interface JudgeOptions {
  readonly censor: Pick<Censor, 'view' | 'judgeRead' | 'statistics'>;
  /** On-path sees copies: every packet passes. */
  readonly position: 'in-path' | 'on-path';
  /** Whose addresses are clients' where a flow does not say so. */
  readonly clients: readonly IpPrefix[];
  /** In order of time. */
  readonly changes?: readonly TimedChange[];
  /** Told of each record. The object is the judge's and changes with the next. */
  readonly onPacket: (packet: JudgedPacket) => void;
  /** Told of each flow when its last packet was seen, or when there are too many. */
  readonly onFlow: (flow: FlowRecord) => void;
  /** Gets what comes out behind the censor. */
  readonly sink?: PacketSink;
}

/** Flows that are known at once. */
const FLOW_CAPACITY = 131_072;
/** The longest packet that IP has: a payload of 65535 bytes behind the header of IPv6. */
const LONGEST_PACKET = 65_575;

export class CaptureJudge {
  readonly counters: OfflineCounters = {
    packets: 0,
    bytes: 0,
    passed: 0,
    dropped: 0,
    delayed: 0,
    rewritten: 0,
    held: 0,
    injected: 0,
    notIp: 0,
    unknownLink: 0,
    cut: 0,
    flows: 0,
  };
  readonly #options: JudgeOptions;
  readonly #reader = new CaptureReader();
  readonly #ledger: FlowLedger;
  readonly #outbox: Outbox | null;
  readonly #effects: Effects;
  /** For packets that the capture cut. */
  readonly #scratch = new Uint8Array(LONGEST_PACKET);
  readonly #judged: JudgedPacket = {
    frame: 0,
    time: 0,
    flow: null,
    decision: 'pass',
    injected: 0,
    isCut: false,
    acts: [],
    rule: null,
  };
  /** A capture whose times go back does not turn the censor's clock back. */
  #now = 0;
  readonly #changes: readonly TimedChange[];
  #nextChange = 0;
  /** Packets of others that the censor sent on while it judged this one, and whether the first of them left at once. */
  #forwarded: 'at once' | 'later' | null = null;

  constructor(options: JudgeOptions) {
    this.#options = options;
    this.#changes = options.changes ?? [];
    this.#ledger = new FlowLedger(FLOW_CAPACITY, options.clients, options.onFlow);
    this.#outbox = options.sink ? new Outbox(options.sink) : null;
    this.#effects = {
      emit: (packet, at, origin) => this.#emit(packet, at, origin),
      report: (event) => this.#note(event),
    };
  }

  /** Why this is no capture, or null. */
  get fault(): string | null {
    return this.#reader.fault;
  }

  /** Where the capture was cut off or damaged, or null. */
  get damage(): string | null {
    return this.#reader.damage;
  }

  /** What the censor itself counted. */
  get statistics(): CensorStatistics {
    return this.#options.censor.statistics;
  }

  /** Judges the packets that the next bytes of the capture complete: see `CaptureReader.push`. */
  push(chunk: Uint8Array, headroom?: number): void {
    this.#reader.push(chunk, headroom);
    while (this.#reader.next()) this.#judgeRecord();
  }

  /** There are no more bytes. */
  finish(): void {
    this.#reader.finish();
    while (this.#reader.next()) this.#judgeRecord();
    this.#outbox?.advance(Infinity);
    this.#ledger.close();
  }

  #judgeRecord(): void {
    const { memory, frame } = this.#reader;
    const { time, length, start, end, linkType } = this.#reader.packet;
    const judged = this.#judged;
    judged.frame = frame;
    judged.time = time;
    judged.flow = null;
    judged.decision = 'pass';
    judged.injected = 0;
    judged.isCut = end - start < length;
    judged.rule = null;
    if (judged.acts.length > 0) judged.acts.length = 0;
    this.counters.packets += 1;
    this.counters.bytes += length;
    if (judged.isCut) this.counters.cut += 1;
    if (time > this.#now) this.#now = time;
    if (this.#nextChange < this.#changes.length) this.#makeChanges();
    const at = findIpPacketAt(linkType, memory, start, end);
    if (at === null) this.counters.unknownLink += 1;
    else if (at < 0) this.counters.notIp += 1;
    else if (judged.isCut) this.#judgeCut(memory.subarray(at, end), length - (at - start));
    else this.#judgePacket(memory, at, end);
    this.#count(judged);
    this.#options.onPacket(judged);
  }

  /** Those whose time has come. */
  #makeChanges(): void {
    for (
      let change = this.#changes[this.#nextChange];
      change !== undefined && change.time <= this.#now;
      change = this.#changes[this.#nextChange]
    ) {
      change.make();
      this.#nextChange += 1;
    }
  }

  /** What the capture lacks is zeros: header and numbers are right, and no words are made up. */
  #judgeCut(packet: Uint8Array, wireLength: number): void {
    const length = Math.max(packet.length, Math.min(wireLength, LONGEST_PACKET));
    const scratch = this.#scratch.subarray(0, length);
    scratch.set(packet.subarray(0, length));
    scratch.fill(0, packet.length);
    this.#judgePacket(scratch, 0, length);
  }

  #judgePacket(memory: Uint8Array, start: number, end: number): void {
    const { censor, position } = this.#options;
    const { view } = censor;
    const judged = this.#judged;
    const isOfFlow = view.load(memory, start, end) && view.fragmentOffset === 0;
    const row = isOfFlow ? this.#ledger.find(view, judged.frame) : NO_ROW;
    this.#forwarded = null;
    const packetEnd = view.fault === null ? view.end : end;
    const disposition = censor.judgeRead(end - start, this.#now, this.#effects);
    if (position === 'in-path') judged.decision = decisionOf(disposition, this.#forwarded);
    const passes = position === 'on-path' || disposition === 'pass';
    if (passes) this.#outbox?.send(memory.subarray(start, packetEnd), this.#now);
    if (row !== NO_ROW) this.#enter(row, end - start);
  }

  /** Writes what became of a packet to the account of its flow. */
  #enter(row: number, bytes: number): void {
    const judged = this.#judged;
    const ledger = this.#ledger;
    judged.flow = ledger.numberOf(row);
    ledger.add(row, judged, bytes);
    if (judged.decision !== 'pass') judged.rule = ledger.lastRule(row);
  }

  #emit(packet: Uint8Array, at: number, origin: 'injected' | 'forwarded'): void {
    if (origin === 'injected') this.#judged.injected += 1;
    else this.#forwarded ??= at <= this.#now ? 'at once' : 'later';
    if (at <= this.#now) this.#outbox?.send(packet, this.#now);
    else this.#outbox?.sendLater(packet, at);
  }

  /** A match is told by the act that follows from it, where one does at once. */
  #note({ rule, action, detail }: CensorEvent): void {
    const { acts } = this.#judged;
    const last = acts.at(-1);
    const isItsAct = last?.action === 'match' && last.rule === rule && action !== 'match';
    if (isItsAct) acts.pop();
    acts.push({ rule, action, detail });
  }

  #count({ decision, injected }: JudgedPacket): void {
    const { counters } = this;
    if (decision === 'pass') counters.passed += 1;
    else counters[COUNTER[decision]] += 1;
    counters.injected += injected;
    counters.flows = this.#ledger.count;
  }
}

const COUNTER = {
  drop: 'dropped',
  delay: 'delayed',
  rewrite: 'rewritten',
  hold: 'held',
} as const satisfies Record<Exclude<Decision, 'pass'>, keyof OfflineCounters>;

function decisionOf(disposition: Disposition, forwarded: 'at once' | 'later' | null): Decision {
  if (disposition !== 'taken') return disposition;
  if (forwarded === null) return 'hold';
  return forwarded === 'later' ? 'delay' : 'rewrite';
}
