import { expect } from 'chai';
import { isTypingOver, startTyping, takeKeys } from '../../src/ssh/typing.ts';
import type { Typing } from '../../src/ssh/typing.ts';

describe('takeKeys()', () => {
  const CASES: readonly (readonly [keys: string, typing: Typing])[] = [
    ['secret', { text: 'secret', end: null }],
    ['secret\r', { text: 'secret', end: 'entered' }],
    ['one\ntwo', { text: 'one', end: 'entered' }],
    ['sek\x7fcret\r', { text: 'secret', end: 'entered' }],
    ['\x7fa\u{1f511}\x7f', { text: 'a', end: null }],
    ['wrong\x15right\n', { text: 'right', end: 'entered' }],
    ['secret\x03', { text: '', end: 'interrupted' }],
    ['\x04', { text: '', end: 'ended' }],
    ['secret\x04', { text: 'secret', end: 'entered' }],
  ];
  for (const [keys, typing] of CASES)
    it(`takes ${JSON.stringify(keys)}`, () => {
      const found = takeKeys(startTyping(), keys);
      expect(found).to.deep.equal(typing);
      expect(isTypingOver(found)).to.equal(typing.end !== null);
    });
});
