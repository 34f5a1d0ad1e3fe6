import type { FlowAct } from './act.ts';

/** Acts that are noted of one flow. */
const ACTS_NOTED = 16;

const NO_ACTS: readonly FlowAct[] = [];

/** What rules did to flows, each act once and no more than a few. Most flows meet none, and have no place here. */
export class FlowActs {
  readonly #acts = new Map<number, readonly FlowAct[]>();

  /** Of the flow in a row of the ledger, in order of time. */
  of(row: number): readonly FlowAct[] {
    return this.#acts.get(row) ?? NO_ACTS;
  }

  note(row: number, act: FlowAct): void {
    const acts = this.of(row);
    const isKnown = acts.some(({ rule, action }) => rule === act.rule && action === act.action);
    if (!isKnown && acts.length < ACTS_NOTED) this.#acts.set(row, [...acts, act]);
  }

  /** The row is given to another flow. */
  forget(row: number): void {
    this.#acts.delete(row);
  }
}
