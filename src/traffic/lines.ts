/** Cuts text that comes in pieces into lines. */
export interface LineSplitter {
  /** The lines that `text` completes, without their ends. */
  push(text: string): string[];
  /** The last line, if it had no end; nothing comes after. */
  rest(): string[];
}

/** Lines longer than `limit` characters are cut into several, so that memory stays bounded. */
export function createLineSplitter(limit: number): LineSplitter {
  let pending = '';
  const cut = (line: string): string[] => {
    const parts: string[] = [];
    for (let from = 0; from === 0 || from < line.length; from += limit)
      parts.push(line.slice(from, from + limit));
    return parts;
  };
  return {
    push: (text) => {
      const lines = (pending + text).split(/\r?\n/);
      pending = lines.pop() ?? '';
      const complete = lines.flatMap(cut);
      if (pending.length <= limit) return complete;
      const parts = cut(pending);
      pending = parts.pop() ?? '';
      return [...complete, ...parts];
    },
    rest: () => {
      const last = pending === '' ? [] : [pending];
      pending = '';
      return last;
    },
  };
}
