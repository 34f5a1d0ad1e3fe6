import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import fc from 'fast-check';
import { shellPath, shellWords } from '../../src/base/shell-words.ts';

describe('shellWords()', () => {
  it('puts into quotes what needs them', () => {
    expect(shellWords(['nginx', '-g', 'daemon off;', '', "it's", '/a:b=c,d@e%f+g_h.i'])).to.equal(
      `nginx -g 'daemon off;' '' 'it'\\''s' /a:b=c,d@e%f+g_h.i`,
    );
  });

  it('is read by a shell as the words that went in', () => {
    const word = fc
      .string({ unit: 'grapheme', maxLength: 8 })
      .map((text) => text.replaceAll('\0', ''));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 20 }), (words) => {
        const script = `printf '%s\\0' ${shellWords(words)}`;
        const read = execFileSync('sh', ['-c', script], { encoding: 'utf8' });
        expect(read.split('\0').slice(0, -1)).to.deep.equal(words);
      }),
      { numRuns: 50 },
    );
  }).timeout(20_000);
});

describe('shellPath()', () => {
  for (const [path, text] of [
    ['site', './site'],
    ['.', '.'],
    ['..', '..'],
    ['../site', '../site'],
    ['.hidden', './.hidden'],
    ['/srv/my site', "'/srv/my site'"],
    ['my site', "'./my site'"],
    ['~', '~'],
    ['~/site', '~/site'],
    ['~/my site', "~/'my site'"],
    ['~user', "'./~user'"],
  ] as const)
    it(`writes ${path} as ${text}`, () => {
      expect(shellPath(path)).to.equal(text);
    });
});
