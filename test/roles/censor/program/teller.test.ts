import { expect } from 'chai';
import type { Effects } from '../../../../src/model/middlebox.ts';
import { Teller } from '../../../../src/roles/censor/program/teller.ts';

const effects = (): Effects => ({ emit: () => undefined, report: () => undefined });

describe('roles/censor/program/teller', () => {
  it('tell() waits for the first packet, and tells with the last', () => {
    const teller = new Teller();
    const told: (readonly [string, Effects])[] = [];
    const tell = (word: string): void => teller.tell((to) => told.push([word, to]));
    tell('early');
    tell('also early');
    expect(told).to.deep.equal([]);
    const [first, second] = [effects(), effects()];
    teller.meet(first);
    tell('now');
    teller.meet(second);
    tell('later');
    expect(told.map(([word]) => word)).to.deep.equal(['early', 'also early', 'now', 'later']);
    for (const [index, wish] of [first, first, first, second].entries())
      expect(told[index]?.[1]).to.equal(wish);
  });

  it('tell() keeps only so much for the first packet', () => {
    const teller = new Teller();
    let told = 0;
    for (let word = 0; word < 1000; word += 1) teller.tell(() => (told += 1));
    teller.meet(effects());
    expect(told).to.equal(256);
  });
});
