// Losses are counted where they happen and told once a second, by place, never silently.

export interface LossCounter {
  report(): void;
}

/** Reports how much `read` has grown since the last report; `line` says of what, after the number. */
export function lossCounter(
  read: () => number,
  line: string,
  tell: (line: string) => void,
): LossCounter {
  let told = 0;
  return {
    report() {
      const total = read();
      if (total > told) tell(`${total - told} ${line}`);
      told = total;
    },
  };
}
