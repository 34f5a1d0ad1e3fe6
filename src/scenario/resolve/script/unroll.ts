// Loops by all parties → one step after the other.
import type { Condition, Instruction, Payload, Pattern } from '../../../model/script.ts';
import type { Act, Piece } from './acts.ts';

/** How many instructions the programs of all parties have at most when the pieces are unrolled. */
export const countInstructions = (pieces: readonly Piece[]): number =>
  pieces.reduce(
    (sum, piece) =>
      sum +
      (piece.kind === 'act'
        ? instructionsOf(piece.act.instruction)
        : piece.times * countInstructions(piece.pieces)),
    0,
  );

/** One of its own, and what arrives at the other end. */
function instructionsOf(instruction: Instruction): number {
  const own = (items: readonly Instruction[]): number =>
    items.reduce((sum, item) => sum + instructionsOf(item), 0);
  switch (instruction.op) {
    case 'craft':
      return 4;
    case 'send':
    case 'close':
      return 2;
    case 'branch':
      return 1 + own(instruction.yes) + own(instruction.no);
    case 'loop':
      return 1 + own(instruction.body);
    case 'arrive':
    case 'expect':
    case 'wait':
    case 'set':
    case 'stack':
      return 1;
  }
}

/** How many bytes they send when unrolled. */
export const countBytes = (pieces: readonly Piece[]): number =>
  pieces.reduce(
    (sum, piece) =>
      sum + (piece.kind === 'act' ? piece.act.size : piece.times * countBytes(piece.pieces)),
    0,
  );

/** Acts in order. Each turn of a loop has steps, and streams of random bytes, by names of its own: `4.1#2` is of the second. */
export function unroll(pieces: readonly Piece[]): readonly Act[] {
  const acts: Act[] = [];
  append(pieces, '', acts);
  return acts;
}

function append(pieces: readonly Piece[], turns: string, acts: Act[]): void {
  for (const piece of pieces)
    if (piece.kind === 'act')
      acts.push(
        turns === ''
          ? piece.act
          : { ...piece.act, instruction: inTurn(piece.act.instruction, turns) },
      );
    else
      for (let turn = 1; turn <= piece.times; turn += 1)
        append(piece.pieces, `${turns}#${turn}`, acts);
}

function inTurn(instruction: Instruction, turns: string): Instruction {
  const own = { ...instruction, step: `${instruction.step}${turns}` };
  switch (own.op) {
    case 'send':
      return { ...own, payload: payloadIn(own.payload, turns) };
    case 'craft':
      return { ...own, payload: own.payload && payloadIn(own.payload, turns) };
    case 'expect':
      return { ...own, pattern: patternIn(own.pattern, turns) };
    case 'set':
      return { ...own, value: payloadIn(own.value, turns) };
    case 'branch':
      return {
        ...own,
        condition: conditionIn(own.condition, turns),
        yes: own.yes.map((item) => inTurn(item, turns)),
        no: own.no.map((item) => inTurn(item, turns)),
      };
    case 'loop':
      return {
        ...own,
        until: own.until && conditionIn(own.until, turns),
        body: own.body.map((item) => inTurn(item, turns)),
      };
    case 'arrive':
    case 'close':
    case 'wait':
    case 'stack':
      return own;
  }
}

const payloadIn = (payload: Payload, turns: string): Payload =>
  payload.kind === 'random' ? { ...payload, name: `${payload.name}${turns}` } : payload;

const patternIn = (pattern: Pattern, turns: string): Pattern =>
  pattern.kind === 'exact' || pattern.kind === 'until'
    ? { ...pattern, payload: payloadIn(pattern.payload, turns) }
    : pattern;

function conditionIn(condition: Condition, turns: string): Condition {
  switch (condition.kind) {
    case 'equals':
      return { ...condition, payload: payloadIn(condition.payload, turns) };
    case 'not':
      return { ...condition, condition: conditionIn(condition.condition, turns) };
    case 'matches':
    case 'set':
      return condition;
  }
}
