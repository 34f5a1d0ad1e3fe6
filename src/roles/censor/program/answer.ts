// What a censor program may say: docs/programs.md is the contract.

/** Of the protocol; both sides say which they speak. */
export const PROGRAM_PROTOCOL = 1;

export type Answer =
  | { readonly kind: 'ready' }
  | VerdictAnswer
  | { readonly kind: 'timer'; readonly name: string; readonly after: number }
  | { readonly kind: 'inject'; readonly packets: readonly Uint8Array[] }
  | { readonly kind: 'note'; readonly text: string };

export interface VerdictAnswer {
  readonly kind: 'verdict';
  /** Of the packet that it is about. */
  readonly id: number;
  /** `pass`, `drop`, `reset` or a name of `CensorProgram.actions`. */
  readonly action: string;
  /** Whether it goes for the rest of the flow. */
  readonly flow: boolean;
  /** What the packet carries instead; null leaves it. */
  readonly payload: Uint8Array | null;
  /** Whole IP packets that leave before this one. */
  readonly inject: readonly Uint8Array[];
  /** What is kept for the flow, as JSON; undefined leaves what there is. */
  readonly data: string | undefined;
  /** For the censor's events. */
  readonly note: string | null;
  /** Why the program could not tell; then the censor's `onError` decides. */
  readonly error: string | null;
}
