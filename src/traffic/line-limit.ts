/** Lets a bounded number of lines a second through and says how many it kept back. */
export interface LineLimit {
  /** The lines to show at `now` (microseconds) when `line` comes. */
  pass(line: string, now: number): string[];
}

const SECOND = 1_000_000;

export function createLineLimit(perSecond: number): LineLimit {
  let second = -1;
  let passed = 0;
  let kept = 0;
  return {
    pass: (line, now) => {
      const notices: string[] = [];
      const current = Math.floor(now / SECOND);
      if (current !== second) {
        if (kept > 0) notices.push(`(${kept} more lines are in the log)`);
        second = current;
        passed = 0;
        kept = 0;
      }
      if (passed >= perSecond) {
        kept += 1;
        return notices;
      }
      passed += 1;
      return [...notices, line];
    },
  };
}
