import type { Words } from './mirror-port.ts';

/** What is said of words where nothing else is. */
export const NO_WORDS: Omit<Words, 'session' | 'from' | 'time'> = {
  copy: 0,
  turn: 0,
  connection: 0,
  length: 0,
  bytes: null,
  isEnd: false,
};
