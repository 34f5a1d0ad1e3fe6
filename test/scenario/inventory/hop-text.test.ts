import { expect } from 'chai';
import fc from 'fast-check';
import type { SshHop } from '../../../src/model/machine.ts';
import { parseHop, parseHops } from '../../../src/scenario/inventory/hop-text.ts';

const hop = (host: string, port: number | null = null, user: string | null = null): SshHop => ({
  host,
  port,
  user,
});

describe('parseHop()', () => {
  const CASES: readonly (readonly [string, SshHop])[] = [
    ['edge', hop('edge')],
    ['lab@edge.example.org:2222', hop('edge.example.org', 2222, 'lab')],
    ['[2001:db8::7]:22', hop('2001:db8::7', 22)],
    ['lab@2001:db8::7', hop('2001:db8::7', null, 'lab')],
    ['ssh://lab@edge.example.org:22/', hop('edge.example.org', 22, 'lab')],
    ['first@domain@edge', hop('edge', null, 'first@domain')],
  ];
  for (const [text, wished] of CASES)
    it(`reads ${text}`, () => {
      expect(parseHop(text)).to.deep.equal({ ok: true, value: wished });
    });

  for (const text of [
    '',
    '@edge',
    'edge:0',
    'edge:65536',
    'edge:',
    '-oProxyCommand=x',
    'a b',
    '$(x)',
  ])
    it(`refuses ${JSON.stringify(text)}`, () => {
      expect(parseHop(text).ok).to.equal(false);
    });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        parseHop(text);
        parseHops(text);
      }),
    );
  });
});

describe('parseHops()', () => {
  it('takes several, and "none" for none', () => {
    expect(parseHops('gate, lab@inner:22')).to.deep.equal({
      ok: true,
      value: [hop('gate'), hop('inner', 22, 'lab')],
    });
    expect(parseHops('none')).to.deep.equal({ ok: true, value: [] });
  });
});
