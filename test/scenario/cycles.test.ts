import { expect } from 'chai';
import fc from 'fast-check';
import { cycleText, findCycles } from '../../src/scenario/cycles.ts';

const cyclesOf = (graph: Readonly<Record<string, readonly string[]>>): readonly string[] =>
  findCycles(Object.keys(graph), (name) => graph[name] ?? []).map((cycle) => cycle.join(' '));

describe('findCycles()', () => {
  it('finds each circle once, from the one that closes it round to itself', () => {
    expect(cyclesOf({ a: ['b'], b: ['c'], c: ['a', 'd'], d: ['d', 'gone'] })).to.deep.equal([
      'c a b c',
      'd d',
    ]);
    expect(cyclesOf({ a: ['b', 'c'], b: ['d'], c: ['d'], d: [] })).to.deep.equal([]);
  });

  it('finds none in a graph whose arrows all lead onwards, and one in each that has an arrow back', () => {
    const arrows = fc.array(fc.tuple(fc.nat(19), fc.nat(19)), { maxLength: 60 });
    fc.assert(
      fc.property(arrows, (pairs) => {
        const names = Array.from({ length: 20 }, (_, index) => `n${index}`);
        const onwards = pairs.filter(([from, to]) => from < to);
        const next = (all: readonly (readonly [number, number])[]) => (name: string) =>
          all.flatMap(([from, to]) => (`n${from}` === name ? [`n${to}`] : []));
        expect(findCycles(names, next(onwards))).to.deep.equal([]);
        const [first] = onwards;
        if (first === undefined) return;
        expect(findCycles(names, next([...onwards, [first[1], first[0]]]))).not.to.have.length(0);
      }),
    );
  });

  it('takes a chain as long as a file', () => {
    const names = Array.from({ length: 50_000 }, (_, index) => String(index));
    expect(findCycles(names, (name) => [String(Number(name) + 1)])).to.deep.equal([]);
  });
});

describe('cycleText()', () => {
  it('leaves out the middle of a long way round', () => {
    expect(cycleText(['a', 'b', 'a'], ' after ')).to.equal('"a" after "b" after "a"');
    expect(cycleText('a b c d e f g h i j a'.split(' '), ' -> ')).to.equal(
      '"a" -> "b" -> "c" -> "d" -> ... -> "i" -> "j" -> "a"',
    );
  });
});
