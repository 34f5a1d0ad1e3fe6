import { expect } from 'chai';
import { compileText } from '../../compile-text.ts';

const TEXT = `
version: 1
name: lab
hosts: { server: {} }
traffic:
  - { name: web, on: server, serve: { web: { har: a.har } } }
`;

const placesIn = (content: string): string[] =>
  compileText(TEXT, { 'a.har': content }).diagnostics.map(
    ({ code, span, message }) => `${code} ${span.file}:${span.line}:${span.column} ${message}`,
  );

describe('readRecording()', () => {
  it('shows the line of a recording that is no JSON', () => {
    const content = '{\n  "log": {\n    "version": "1.2",\n    "entries": [ }\n  }\n}\n';
    expect(placesIn(content)).to.deep.equal([
      `S211 a.har:4:18 Expected JSON, found: Unexpected token '}'`,
    ]);
  });

  it('shows what is around it where the line is too long to be shown', () => {
    const content = `{"log":{"entries":[${'1,'.repeat(400)}!]}}${' '.repeat(400)}`;
    const [found = ''] = placesIn(content);
    expect(found).to.match(
      /^S211 lab\.yaml:6:\d+ Expected JSON, .*\(line 1, column 820 of "a\.har": ".*1,!\]\}\}/,
    );
  });

  it('reports a recording without an answer', () => {
    expect(placesIn('{"log":{"entries":[]}}')).to.deep.equal([
      'S211 lab.yaml:6:51 There is no answer in the recording "a.har"',
    ]);
  });

  it('reports a file that is not there', () => {
    expect(compileText(TEXT).diagnostics.map(({ code }) => code)).to.deep.equal(['S020']);
  });
});
