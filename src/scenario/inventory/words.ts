// A line as words, by the rules of a POSIX shell's quotes, as Ansible reads lines of hosts.

export interface Word {
  readonly text: string;
  /** From the line's beginning. */
  readonly start: number;
  readonly end: number;
}

/** Undefined when a quote is not closed. A `#` outside quotes begins a comment. */
export function splitWords(line: string): readonly Word[] | undefined {
  const words: Word[] = [];
  let text: string | undefined;
  let start = 0;
  let quote = '';
  const close = (end: number): void => {
    if (text !== undefined) words.push({ text, start, end });
    text = undefined;
  };
  for (let at = 0; at < line.length; at += 1) {
    const char = line.charAt(at);
    if (quote !== '') {
      if (char === quote) quote = '';
      else if (char === '\\' && quote === '"' && /["\\]/.test(line.charAt(at + 1))) {
        at += 1;
        text = `${text ?? ''}${line.charAt(at)}`;
      } else text = `${text ?? ''}${char}`;
      continue;
    }
    if (/\s/.test(char)) {
      close(at);
      continue;
    }
    if (char === '#') {
      close(at);
      return words;
    }
    if (text === undefined) start = at;
    text ??= '';
    if (char === '"' || char === "'") quote = char;
    else if (char === '\\' && at + 1 < line.length) {
      at += 1;
      text += line.charAt(at);
    } else text += char;
  }
  close(line.length);
  return quote === '' ? words : undefined;
}
