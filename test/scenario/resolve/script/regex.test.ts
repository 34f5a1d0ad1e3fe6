import { expect } from 'chai';
import { compileText } from '../../compile-text.ts';

const faultsOf = (regex: string): string[] =>
  compileText(`version: 1
name: lab
hosts: { client: {}, server: {} }
networks: { lab: { subnet: 10.10.1.0/24, members: [client, server] } }
traffic:
  - name: flow
    between: [client, server:9000]
    script:
      - client: { expect: { regex: ${JSON.stringify(regex)} } }
`).diagnostics.map(({ code, severity, message }) => `${code} ${severity} ${message}`);

describe('resolveRegex()', () => {
  for (const regex of [
    'id (?<id>\\d+)',
    'Host: ([^\\r\\n]+)\\r\\n',
    '.*\\r\\n\\r\\n',
    '/^hello/i',
    'HTTP/1\\.[01] (?<status>\\d{3}) ',
    '(?<a>\\w+)=(?<b>\\w+)&',
    '(?:[a-z0-9]+(?:\\.[a-z0-9]+)*)@',
    '\\xff\\x00',
    '(a|b)+c',
  ])
    it(`accepts ${regex}`, () => expect(faultsOf(regex)).to.deep.equal([]));

  for (const regex of ['(a+)+$', '(a|a)*b', '(a*)*b', '(x+x+)+y', '(?<n>[a-z]+)*b', '.*a.*b.*c'])
    it(`refuses ${regex}, which may take for ever`, () => {
      const [fault = ''] = faultsOf(regex);
      expect(fault).to.match(/^S154 error The regular expression ".*" may take for ever/);
    });

  for (const [regex, fault] of [
    ['(a', 'Unterminated group'],
    ['[', 'Unterminated character class'],
    ['/a/g', 'found "g"'],
    ['(?<a>x)(?<a>y)', 'Duplicate capture group name'],
  ] as const)
    it(`says what is wrong with ${regex}`, () => {
      expect(faultsOf(regex)[0]).to.match(/^S154 error/);
      expect(faultsOf(regex)[0]).to.include(fault);
    });

  it('warns of an expression that holds before anything has come', () => {
    expect(faultsOf('a*')).to.deep.equal([
      'S154 warning The regular expression "a*" matches an empty text',
    ]);
  });
});
