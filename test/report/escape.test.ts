import { escapeMarkup, escapeXml, printable, shellCommand } from '../../src/report/escape.ts';
import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import fc from 'fast-check';

describe('escapeMarkup()', () => {
  it('leaves no character that opens a tag, an entity or a quote', () => {
    expect(escapeMarkup(`<a href="x" title='y'>&`)).to.equal(
      '&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;',
    );
  });
});

describe('escapeXml()', () => {
  it('replaces what XML cannot hold', () => {
    expect(escapeXml('a\u0000b\ud800c\uffff')).to.equal('a\ufffdb\ufffdc\ufffd');
    expect(escapeXml('😀')).to.equal('😀');
  });
  it('keeps line breaks through attribute normalisation', () => {
    expect(escapeXml('a\nb')).to.equal('a&#10;b');
  });
});

describe('printable()', () => {
  it('shows control characters and text direction marks', () => {
    expect(printable('a\nb\u001b[0m\u202ec')).to.equal('a b\\u001b[0m\\u202ec');
  });
});

describe('shellCommand()', () => {
  it('is read back by a shell as the same arguments', () => {
    const argument = fc.string({ minLength: 1 }).filter((text) => !text.includes('\0'));
    fc.assert(
      fc.property(fc.array(argument, { maxLength: 4 }), (argv) => {
        const script = `printf '%s\\0' ${shellCommand(argv)}`;
        const output =
          argv.length === 0 ? '' : execFileSync('sh', ['-c', script], { encoding: 'utf8' });
        expect(output).to.equal(argv.map((text) => `${text}\0`).join(''));
      }),
      { numRuns: 30 },
    );
  });
});
