// A line typed at a terminal in raw mode: what the kernel would do with the keys (termios(3)). Pure.

export interface Typing {
  readonly text: string;
  readonly end: 'entered' | 'interrupted' | 'ended' | null;
}

export type EndedTyping = Typing & { readonly end: Exclude<Typing['end'], null> };

export const startTyping = (): Typing => ({ text: '', end: null });

export const isTypingOver = (typing: Typing): typing is EndedTyping => typing.end !== null;

/** Takes keys in turn: Enter, Backspace, Ctrl-U (all), Ctrl-W (as all: words of a secret cannot be seen), Ctrl-C, Ctrl-D. */
export function takeKeys(typing: Typing, keys: string): Typing {
  return Array.from(keys).reduce<Typing>(
    (at, key) => (at.end === null ? takeKey(at, key) : at),
    typing,
  );
}

function takeKey({ text }: Typing, key: string): Typing {
  switch (key) {
    case '\r':
    case '\n':
      return { text, end: 'entered' };
    case '\u0003':
      return { text: '', end: 'interrupted' };
    case '\u0004':
      return text === '' ? { text, end: 'ended' } : { text, end: 'entered' };
    case '\u007f':
    case '\b':
      return { text: Array.from(text).slice(0, -1).join(''), end: null };
    case '\u0015':
    case '\u0017':
      return { text: '', end: null };
    default:
      // Other control characters, such as those that begin an arrow key, are no part of a secret.
      return { text: key < ' ' ? text : text + key, end: null };
  }
}
