// Losses are counted where they happen and told once a second, by place, never silently.

export interface LossCounter {
  report(): void;
}

/** Reports how much `read` has grown since the last report. */
export function lossCounter(read: () => number, tell: (count: number) => void): LossCounter {
  let told = 0;
  return {
    report() {
      const total = read();
      if (total > told) tell(total - told);
      told = total;
    },
  };
}
