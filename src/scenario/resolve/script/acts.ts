import type { Instruction, ScriptChannel } from '../../../model/script.ts';

/** One instruction of one party, where the script has it. */
export interface Act {
  readonly party: string;
  readonly instruction: Instruction;
  /** Whether the others await what it sends. */
  readonly isExpected: boolean;
  /** Bytes that it sends; of a template those of its text alone, and of a branch or repetition none. */
  readonly size: number;
}

/** What a script is made of before its loops are unrolled. */
export type Piece =
  | { readonly kind: 'act'; readonly act: Act }
  | { readonly kind: 'loop'; readonly times: number; readonly pieces: readonly Piece[] };

/** The party at the other end. */
export const peerOn = (channel: Pick<ScriptChannel, 'from' | 'to'>, party: string): string =>
  channel.from === party ? channel.to : channel.from;
