// How far each flow got in Censored Planet's words, what the server saw of it, and what its packets betray.
import { type Cell, proofList, section, table } from './html-sections.ts';
import type { Report } from './report.ts';

export function signalSection({ verdicts }: Report): string {
  if (verdicts.length === 0) return '';
  const endings = verdicts.map(({ flow, stage, outcome, signature }): Cell[] => [
    flow,
    stage,
    outcome,
    signature ?? '',
  ]);
  const signals = verdicts.flatMap((verdict) =>
    verdict.signals.map(({ kind, side, by, detail, proof }): Cell[] => [
      verdict.flow,
      kind,
      side,
      by ?? '',
      detail,
      proofList(proof),
    ]),
  );
  const found =
    signals.length === 0
      ? '<p class="faint">No packet betrays more.</p>'
      : table(['Flow', 'Signal', 'Towards', 'By', 'Figures', 'Proof'], signals);
  return section(
    'Signals',
    table(['Flow', 'Stage', 'Outcome', 'Signature at the server'], endings) + found,
  );
}
