/** Whether a name holds a word, hyphens and case aside. */
export const holdsWord = (name: string, word: string): boolean =>
  name.toLowerCase().replaceAll('-', '').includes(word.toLowerCase());
