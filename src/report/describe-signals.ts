// What to say of signals beside the cause, which the table of flows shows already.
import type { SignalKind } from '../model/signal.ts';
import type { Cause, Signal, Verdict } from '../model/verdict.ts';

/** Signals that say again what a cause says. */
const SAID_BY: Readonly<Partial<Record<Cause, readonly SignalKind[]>>> = {
  'injected-rst': ['injected-rst'],
  'injected-dns': ['injected-dns'],
  'injected-page': ['block-page'],
  dropped: ['silent-drop'],
  tampered: ['tampering'],
  throttled: ['policing', 'shaping'],
};

/** Most follow from another signal, or from a busy machine. */
const SAYS_LITTLE: SignalKind = 'retransmission';

/** Those worth a line beside the cause. */
export function furtherSignals({ cause, signals }: Verdict): readonly Signal[] {
  const said = cause === null ? [] : (SAID_BY[cause] ?? []);
  return signals.filter(({ kind }) => kind !== SAYS_LITTLE && !said.includes(kind));
}

/** `residual-blocking towards server: stopped before …; 2 more`, or null when there is nothing to add. */
export function describeFurtherSignals(verdict: Verdict): string | null {
  const [first, ...others] = furtherSignals(verdict);
  if (!first) return null;
  const { kind, side, detail, by } = first;
  const who = by === undefined ? '' : ` by ${by}`;
  const more = others.length === 0 ? '' : ` (and ${others.map((one) => one.kind).join(', ')})`;
  return `${kind} towards ${side}${who}: ${detail}${more}`;
}
