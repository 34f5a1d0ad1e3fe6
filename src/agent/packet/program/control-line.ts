// What the main thread tells the packet thread about a censor's program: one JSON object a line. The descriptors are the process's.

export type ControlLine =
  /** A program runs at the other ends of these, which are the packet thread's from now on. */
  | { readonly kind: 'started'; readonly input: number; readonly output: number }
  | { readonly kind: 'ended'; readonly reason: string };

/** What the packet thread tells the main thread in turn. */
export interface ProgramWord {
  readonly censor: string;
  /** It has said that it is ready; it is to be ended, for `reason`; it has ended, or does not speak any more. */
  readonly word: 'ready' | 'end' | 'closed';
  readonly reason: string;
}

export const writeControlLine = (line: ControlLine): Uint8Array =>
  new TextEncoder().encode(`${JSON.stringify(line)}\n`);
