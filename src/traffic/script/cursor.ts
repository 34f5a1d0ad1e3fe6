// Where a program is: nested bodies on a stack of our own, so that no program is too deep.
import type { Condition, Instruction } from '../../model/script.ts';
import type { ProgramFacts } from './program-facts.ts';

interface Frame {
  readonly body: readonly Instruction[];
  index: number;
  /** Turns to play after this one. */
  turns: number;
  readonly until: Condition | null;
}

export class Cursor {
  readonly #frames: Frame[];
  readonly #holds: (condition: Condition) => boolean;

  /** `holds` judges the conditions of loops. */
  constructor(program: readonly Instruction[], holds: (condition: Condition) => boolean) {
    this.#frames = [{ body: program, index: 0, turns: 0, until: null }];
    this.#holds = holds;
  }

  /** The instruction at hand; undefined after the last. */
  current(): Instruction | undefined {
    for (;;) {
      const frame = this.#frames.at(-1);
      if (!frame) return undefined;
      const instruction = frame.body[frame.index];
      if (instruction) return instruction;
      if (frame.turns > 0 && !(frame.until && this.#holds(frame.until))) {
        frame.turns -= 1;
        frame.index = 0;
      } else this.#frames.pop();
    }
  }

  /** Goes on behind the instruction at hand. */
  advance(): void {
    const frame = this.#frames.at(-1);
    if (frame) frame.index += 1;
  }

  /** Goes into the body of the instruction that it has just gone behind. */
  enter(body: readonly Instruction[], times = 1, until: Condition | null = null): void {
    if (times > 0 && body.length > 0)
      this.#frames.push({ body, index: 0, turns: times - 1, until });
  }

  /** Whether the instruction at hand or one that may come waits for a RST of the channel. */
  awaitsReset(facts: ProgramFacts, channel: number): boolean {
    // An outer frame is already behind the instruction whose body is being played.
    return this.#frames.some(({ body, index, turns }) => {
      const last = facts.lastReset(body, channel);
      return last >= (turns > 0 ? 0 : index);
    });
  }
}
