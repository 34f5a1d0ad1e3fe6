import { expect } from 'chai';
import type { StretchLink } from '../../src/analysis/aligned.ts';
import { describeSuspect, suspect } from '../../src/analysis/suspect.ts';
import { CENSOR, lineOfThree } from './support/plans.ts';

const link = (network: string): StretchLink => ({ network, sender: 'client', impairment: null });
const plan = lineOfThree();

describe('suspect()', () => {
  for (const [nodes, networks, by, words] of [
    [['router'], ['inside'], 'router', 'router'],
    [['router', 'middle'], [], 'middle', 'middle'],
    [['router', 'other'], [], null, 'one of router, other'],
    [[], ['inside'], 'middle', 'middle'],
    [[], ['elsewhere'], null, 'somebody on network elsewhere'],
  ] as const)
    it(`names ${words} between captures around [${[...nodes, ...networks].join(' ')}]`, () => {
      const stretch = { nodes, links: networks.map(link) };
      expect(suspect(plan, stretch)).to.equal(by);
      expect(describeSuspect(by, stretch)).to.equal(words);
    });

  it('names nobody where two have censors', () => {
    const two = lineOfThree({ censors: [CENSOR, { ...CENSOR, on: 'router' }] });
    expect(suspect(two, { nodes: ['router', 'middle'], links: [] })).to.equal(null);
  });
});
