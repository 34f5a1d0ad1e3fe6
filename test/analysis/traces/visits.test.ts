import { expect } from 'chai';
import fc from 'fast-check';
import {
  type Visit,
  type VisitEvent,
  findVisits,
  timeVisits,
} from '../../../src/analysis/traces/visits.ts';

const begins = (flow: string, attempt: number, time: number): VisitEvent => ({
  kind: 'flow-begins',
  node: 'client',
  ...{ flow, attempt, time },
});
const ends = (
  flow: string,
  attempt: number,
  time: number,
  failure: string | null = null,
): VisitEvent => ({ kind: 'flow-ends', ...{ flow, attempt, time, failure } });
const visit = (begin: number, end: number): Visit => ({
  ...{ flow: 'page', site: 'page', visit: 1, node: 'client', failure: null },
  ...{ begin, end },
});

describe('analysis/traces/visits', () => {
  it('findVisits() pairs beginnings and ends of one arm, in the order of the beginnings', () => {
    const events: VisitEvent[] = [
      { kind: 'phase', arm: 'control' },
      begins('a', 1, 1),
      ends('a', 1, 2),
      { kind: 'phase', arm: 'main' },
      begins('a', 1, 10),
      begins('b', 1, 11),
      ends('b', 1, 12, 'connection_reset'),
      begins('b', 2, 13),
      ends('a', 1, 14),
    ];
    const found = findVisits(events, 'main');
    expect(found.map(({ flow, begin, end, failure }) => [flow, begin, end, failure])).to.deep.equal(
      [
        ['a', 10, 14, null],
        ['b', 11, 12, 'connection_reset'],
      ],
    );
    expect(findVisits(events, 'control').map(({ begin }) => begin)).to.deep.equal([1]);
  });

  it('findVisits() counts the visits of a page, whichever flow makes them, from the request on', () => {
    const ended = (flow: string, attempt: number, site: string, begin: number): VisitEvent[] => [
      begins(flow, attempt, begin - 5),
      { ...ends(flow, attempt, begin + 2), visit: { site, begin } } as VisitEvent,
    ];
    const events: VisitEvent[] = [
      { kind: 'phase', arm: 'main' },
      ...ended('browse', 1, 'news.example/', 10),
      ...ended('browse', 2, 'shop.example/', 20),
      ...ended('browse', 3, 'news.example/', 30),
      ...ended('fetch', 1, 'news.example/', 40),
      begins('browse', 4, 50),
    ];
    expect(
      findVisits(events, 'main').map(({ site, visit: number, begin }) => [site, number, begin]),
    ).to.deep.equal([
      ['news.example/', 1, 10],
      ['shop.example/', 1, 20],
      ['news.example/', 2, 30],
      ['news.example/', 3, 40],
    ]);
  });

  it('timeVisits() gives a visit a lead and time to drain, and none of another visit', () => {
    const timed = timeVisits([
      visit(10_000_000, 11_000_000),
      visit(11_020_000, 12_000_000),
      visit(20_000_000, 21_000_000),
    ]);
    expect(timed.map(({ from, to, overlaps }) => [from, to, overlaps])).to.deep.equal([
      [9_950_000, 11_000_000, false],
      [11_000_000, 14_000_000, false],
      [19_950_000, 23_000_000, false],
    ]);
  });

  it('timeVisits() marks those that went on at once', () => {
    const timed = timeVisits([visit(0, 100), visit(10, 20), visit(30, 40), visit(100, 200)]);
    expect(timed.map(({ overlaps }) => overlaps)).to.deep.equal([true, true, true, false]);
  });

  it('timeVisits() never gives a moment to two visits that went on by themselves', () => {
    const spans = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 9e6 }), fc.integer({ min: 0, max: 3e6 })),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(spans, (pairs) => {
        const visits = pairs
          .map(([begin, length]) => visit(begin, begin + length))
          .sort((left, right) => left.begin - right.begin);
        const timed = timeVisits(visits);
        for (const [index, one] of timed.entries()) {
          expect(one.from).to.be.at.most(one.begin);
          expect(one.to).to.be.at.least(one.end);
          const meets = visits.some(
            (other, at) => at !== index && other.begin < one.end && one.begin < other.end,
          );
          expect(one.overlaps).to.equal(meets);
        }
        const alone = timed.filter(({ overlaps }) => !overlaps);
        for (const [index, one] of alone.entries())
          expect(alone[index + 1]?.from ?? Infinity).to.be.at.least(one.to);
      }),
    );
  });
});
