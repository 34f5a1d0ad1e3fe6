import type { CensorProgram } from '../../../model/censor.ts';
import type { Performer } from '../act/performer.ts';
import type { CensorParts } from '../censor-parts.ts';
import type { Occasion } from '../occasion.ts';
import { RULE_OVER } from '../state/flow.ts';
import { advance } from '../state/follow-sequences.ts';
import { ProgramDesk } from './program-desk.ts';

/** A desk whose program decides as the last of the rules. */
export function openDesk(
  program: CensorProgram,
  { censor, position, spec, seed, rules, reporter }: CensorParts,
  performer: Performer,
): ProgramDesk {
  const options = { censor, position, onError: spec.onError, seed };
  return new ProgramDesk(program, options, {
    perform: (verdict, message, occasion) => {
      const rule = rules.program;
      if (rule === undefined) return 'pass';
      // A rule of its own for each of its verdicts: what is said of each once a flow is said.
      const own = { ...rule, ...verdict, index: rule.index + 1 + verdict.index };
      return performer.perform(own, message, own.words, occasion) ?? 'pass';
    },
    letGo,
    leave: (flow) => {
      if (rules.program !== undefined) flow.mark(rules.program, RULE_OVER);
      flow.rulesChanged = true;
    },
    note: (name, text, view, effects) => reporter.reportNote(name, text, view, effects),
    fault: (text, count, effects) => reporter.reportFault(text, count, effects),
  });
}

/** Sends on, as if it had come now, a packet that waited for the program. */
function letGo({ flow, view, isForward, now, effects }: Occasion, packet: Uint8Array): void {
  advance(flow, view, isForward);
  // The program may have changed it.
  view.load(packet, 0, packet.length);
  const carried = flow.treatment?.carry(view, isForward, now, effects) ?? 'pass';
  if (carried === 'pass') effects.emit(packet, now, 'forwarded');
}
