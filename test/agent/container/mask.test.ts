import { expect } from 'chai';
import fc from 'fast-check';
import { createMask } from '../../../src/agent/container/mask.ts';

function maskAll(secrets: readonly string[], chunks: readonly string[]): string {
  const mask = createMask(secrets);
  const shown = chunks.map((chunk) => mask.push(Buffer.from(chunk)));
  return Buffer.concat([...shown, mask.rest()]).toString();
}

describe('createMask()', () => {
  const cases: [string, string[], string[], string][] = [
    ['masks a secret', ['key'], ['my key is key'], 'my *** is ***'],
    ['masks one cut by the end of a chunk', ['secret'], ['a sec', 're', 't b'], 'a *** b'],
    ['shows what only began like one', ['secret'], ['a secr', 'ab'], 'a secrab'],
    ['shows the beginning of one at the end', ['secret'], ['a secr'], 'a secr'],
    [
      'masks the longer of two that begin together',
      ['abc', 'abcdef'],
      ['abc', 'def abcx'],
      '*** ***x',
    ],
    ['leaves out empty ones', ['', 'x'], ['axb'], 'a***b'],
    ['shows all without secrets', [], ['abc'], 'abc'],
  ];
  for (const [title, secrets, chunks, shown] of cases)
    it(title, () => expect(maskAll(secrets, chunks)).to.equal(shown));

  it('shows the same wherever chunks end', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'ab', 'x'), { maxLength: 40 });
    const secrets = fc.array(fc.stringMatching(/^[ab]{1,5}$/), { maxLength: 3 });
    fc.assert(
      fc.property(text, secrets, (chunks, wished) => {
        const shown = maskAll(wished, chunks);
        expect(shown).to.equal(maskAll(wished, [chunks.join('')]));
        for (const secret of wished) expect(shown).not.to.contain(secret);
      }),
    );
  });
});
