import { OUTCOMES, OUTCOMES_WITH_MORE } from '../../model/outcome.ts';
import type { Expectation as Written } from '../../model/scenario-file.ts';
import { SIGNALS } from '../../model/signal.ts';
import { SIGNATURES, readSignature } from '../../model/signature.ts';
import type { Context } from '../context.ts';
import type { Path } from '../source/tree.ts';

/** Outcomes, signatures and signals that no verdict holds are most likely slips: warnings, like those of failures. */
export function checkVerdictWords(context: Context, written: Written, path: Path): void {
  const { outcome, signature, signal } = written;
  if (outcome !== undefined && !isOutcome(outcome))
    warn(context, [...path, 'outcome'], `"${outcome}" is no outcome that runner knows`, [
      outcome,
      [...OUTCOMES, ...OUTCOMES_WITH_MORE],
    ]);
  if (typeof signature === 'string' && !SIGNATURES.includes(readSignature(signature)))
    warn(
      context,
      [...path, 'signature'],
      `"${signature}" is no packet signature`,
      [readSignature(signature), SIGNATURES],
      'Write <PSH+ACK -> RST+ACK>, <SYN -> none> or the like',
    );
  for (const [index, kind] of [signal ?? []].flat().entries()) {
    const at = typeof signal === 'string' ? ['signal'] : ['signal', index];
    if (!isKnown(SIGNALS, kind))
      warn(context, [...path, ...at], `"${kind}" is no signal`, [kind, SIGNALS]);
  }
}

/** `status_mismatch:403` and its kind are known by what stands before the colon; without one they mean any. */
const isOutcome = (outcome: string): boolean =>
  OUTCOMES.includes(outcome) ||
  (OUTCOMES_WITH_MORE.includes(outcome.replace(/:.+$/, '')) && !outcome.endsWith(':'));

const isKnown = (words: readonly string[], word: string): boolean => words.includes(word);

function warn(
  context: Context,
  path: Path,
  message: string,
  [word, known]: readonly [string, readonly string[]],
  otherwise = `One of ${known.join(', ')}`,
): void {
  const help = context.suggest(word, known) ?? otherwise;
  context.report('S115', path, message, { severity: 'warning', help });
}
