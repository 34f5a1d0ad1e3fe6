// Residual blocking: what a rule that fired does to later flows between the same ends, for a while (Bock, WOOT 2021).
import type { CensorAction } from '../../../model/censor-action.ts';
import type { Residual } from '../../../model/censor.ts';
import type { CompiledRule } from '../match/rule.ts';

export interface ResidualEntry {
  readonly rule: CompiledRule;
  readonly actions: readonly CensorAction[];
  readonly refresh: boolean;
  /** Microseconds. */
  readonly duration: number;
  /** Microseconds since the epoch. */
  until: number;
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
const KEYS = ['4-tuple', '3-tuple', '2-tuple'] as const;

export class ResidualTable {
  /** How many blocks were laid that cover flows that were there already. A flow that saw fewer looks again. */
  epoch = 0;
  readonly #entries = new Map<string, ResidualEntry>();

  /** Lays a block for the ends of `flow`, or starts its time anew. */
  add(residual: Residual, rule: CompiledRule, flow: FlowEnds, now: number): void {
    const key = keyOf(residual.key, flow);
    const duration = residual.for.low * 1000;
    const actions = residual.actions.length > 0 ? residual.actions : rule.actions;
    // Deleting first keeps the map in order of age, so that the oldest goes when it is full.
    this.#entries.delete(key);
    const { refresh } = residual;
    this.#entries.set(key, { rule, actions, refresh, duration, until: now + duration });
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
      else if (!onlyExisting || entry.rule.residual?.existing === true) return entry;
    }
    return null;
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

/** Addresses alone cover every protocol; ports mean something only within theirs. */
function keyOf(kind: Residual['key'], flow: FlowEnds): string {
  const ends = `${kind} ${flow.version} ${flow.addressKey}`;
  switch (kind) {
    case '2-tuple':
      return ends;
    case '3-tuple':
      return `${ends} ${flow.protocol} ${flow.serverPort}`;
    case '4-tuple':
      return `${ends} ${flow.protocol} ${flow.serverPort} ${flow.clientPort}`;
  }
}
