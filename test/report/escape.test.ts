import { escapeMarkup, escapeXml, printable } from '../../src/report/escape.ts';
import { expect } from 'chai';

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
