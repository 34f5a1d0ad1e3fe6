// Residual blocking: what a rule that fired does to later flows between the same ends, for a while (Bock, WOOT 2021).
import type { CensorAction } from '../../../model/censor-action.ts';
import type { Residual } from '../../../model/censor.ts';
import { type ActingRule, drawSpan } from '../act/acting-rule.ts';
import type { Allowance } from '../act/allowance.ts';

export interface ResidualEntry {
  readonly rule: ActingRule;
  readonly actions: readonly CensorAction[];
  readonly refresh: boolean;
  readonly existing: boolean;
  /** The share of flows that it holds for, and those that chance has spared. */
  readonly probability: number;
  readonly spared: WeakSet<FlowEnds>;
  /** Microseconds. */
  readonly duration: number;
  /** Microseconds since the epoch, both included; packets before pass. */
  readonly from: number;
  until: number;
}

/** What a block has come to mean for one flow. */
export interface Block {
  readonly entry: ResidualEntry;
  /** What still passes before it drops, by action. */
  readonly allowances: ReadonlyMap<CensorAction, Allowance>;
}

/** The two ends of a flow. */
export interface FlowEnds {
  readonly version: 4 | 6;
  readonly protocol: number;
  /** Both addresses, client first, as text that is equal for equal ones. */
  readonly addressKey: string;
  readonly clientPort: number;
  readonly serverPort: number;
}

const CAPACITY = 65_536;
const KEYS = ['4-tuple', '3-tuple', '2-tuple', '1-tuple'] as const;

export class ResidualTable {
  /** How many blocks were laid that cover flows that were there already. A flow that saw fewer looks again. */
  epoch = 0;
  readonly #entries = new Map<string, ResidualEntry>();

  /** Lays a block for the ends of `flow` from `from` on, or starts its time anew. */
  add(residual: Residual, rule: ActingRule, flow: FlowEnds, from: number): void {
    const key = keyOf(residual.key, flow);
    const before = this.#entries.get(key);
    const { low, high } = residual.for;
    const duration = Math.round(drawSpan(rule.random, low, high) * 1000);
    // Deleting first keeps the map in order of age, so that the oldest goes when it is full.
    this.#entries.delete(key);
    this.#entries.set(key, {
      rule,
      actions: residual.actions.length > 0 ? residual.actions : rule.actions,
      refresh: residual.refresh,
      existing: residual.existing,
      probability: residual.probability,
      spared: before?.spared ?? new WeakSet(),
      duration,
      // A block that holds goes on where the next one would be laid later.
      from: before !== undefined && before.until >= from ? Math.min(before.from, from) : from,
      until: from + duration,
    });
    if (this.#entries.size > CAPACITY) this.#dropOldest();
    if (residual.existing) this.epoch += 1;
  }

  /** The block that a flow falls under; `onlyExisting` leaves out those that spare flows that were there. */
  find(flow: FlowEnds, onlyExisting: boolean, now: number): ResidualEntry | null {
    if (this.#entries.size === 0) return null;
    for (const kind of KEYS) {
      const key = keyOf(kind, flow);
      const entry = this.#entries.get(key);
      if (entry === undefined) continue;
      if (now > entry.until) this.#entries.delete(key);
      else if ((!onlyExisting || entry.existing) && holdsFor(entry, flow)) return entry;
    }
    return null;
  }

  /**
   * What a flow falls under once `lapsed` is over: the same block where it was laid again meanwhile, or one that covers flows that
   * were there.
   */
  successor(lapsed: ResidualEntry, flow: FlowEnds, now: number): ResidualEntry | null {
    const next = this.find(flow, false, now);
    const isSame = next !== null && next.rule === lapsed.rule && next.from <= lapsed.from;
    return isSame ? next : this.find(flow, true, now);
  }

  /** Lifts the blocks of all rules but these. */
  retain(rules: ReadonlySet<string>): void {
    for (const [key, { rule }] of this.#entries)
      if (!rules.has(rule.name)) this.#entries.delete(key);
  }

  #dropOldest(): void {
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }
}

/** Chance decides once a flow. */
function holdsFor({ rule, probability, spared }: ResidualEntry, flow: FlowEnds): boolean {
  if (probability >= 1) return true;
  if (spared.has(flow)) return false;
  if (rule.random.next() < probability) return true;
  spared.add(flow);
  return false;
}

/** Addresses alone cover every protocol; ports mean something only within theirs. */
function keyOf(kind: Residual['key'], flow: FlowEnds): string {
  const ends = `${kind} ${flow.version} ${flow.addressKey}`;
  switch (kind) {
    case '1-tuple':
      return `${kind} ${flow.version} ${clientOf(flow)}`;
    case '2-tuple':
      return ends;
    case '3-tuple':
      return `${ends} ${flow.protocol} ${flow.serverPort}`;
    case '4-tuple':
      return `${ends} ${flow.protocol} ${flow.serverPort} ${flow.clientPort}`;
  }
}

const clientOf = ({ addressKey }: FlowEnds): string => addressKey.slice(0, addressKey.indexOf('>'));
