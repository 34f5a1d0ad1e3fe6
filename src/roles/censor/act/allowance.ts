import type { Random } from '../../../base/random.ts';
import type { DropAction } from '../../../model/censor-action.ts';
import { drawWhole } from './acting-rule.ts';

/** What of a flow still passes before the rest of it is dropped; drawn when it is made. Once it is spent nothing passes any more. */
export class Allowance {
  #packets: number;
  #bytes: number;

  constructor({ after }: Pick<DropAction, 'after'>, random: Random) {
    const draw = (span: readonly [number, number] | null): number =>
      span === null ? Infinity : drawWhole(random, span[0], span[1]);
    this.#packets = after === null ? 0 : draw(after.packets);
    this.#bytes = after === null ? 0 : draw(after.bytes);
  }

  /** Whether a packet with so many bytes of payload passes. */
  admit(payloadLength: number): boolean {
    if (this.#packets < 1 || payloadLength > this.#bytes) this.#packets = 0;
    if (this.#packets === 0) return false;
    this.#packets -= 1;
    this.#bytes -= payloadLength;
    return true;
  }
}
