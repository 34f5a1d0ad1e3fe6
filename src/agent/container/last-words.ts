/** The end of what somebody said, for the fault that tells of it. */
export interface LastWords {
  add(bytes: Uint8Array): void;
  /** Its last lines, blank ones left out, each after an indent and a bar; empty when nothing was said. */
  quote(): string;
}

const BYTES = 4096;
const LINES = 12;

export function createLastWords(): LastWords {
  let kept: Buffer = Buffer.alloc(0);
  return {
    add: (bytes) => {
      kept = Buffer.concat([kept, bytes]).subarray(-BYTES);
    },
    quote: () => quoteLines(kept.toString()),
  };
}

const quoteLines = (text: string): string =>
  text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .slice(-LINES)
    .map((line) => `\n  | ${line}`)
    .join('');
