import { expect } from 'chai';
import type { Observation } from '../../src/model/observation.ts';
import type { VisitRecord } from '../../src/model/visit.ts';
import {
  type VisitFlow,
  type VisitLedger,
  createVisitLedger,
  describeCarried,
} from '../../src/trial/visit-ledger.ts';

const [NEWS, SHOP] = ['https://news.example/', 'https://shop.example/'];

const FLOW: VisitFlow = {
  name: 'browse',
  from: 'client',
  schedule: { at: 0, after: [], repeat: 10, pace: null, for: null, concurrency: 1 },
  probe: {
    ...{ kind: 'visit', with: 'chromium', urls: [NEWS, SHOP], repeat: 5, order: 'interleaved' },
    ...{ timeout: 30_000, settle: 0, drain: 0, failures: 3, minimum: 100, har: null, quic: [] },
  },
};

const observed = (attempt: number, failure: string | null): Observation => ({
  ...{ flow: 'browse', attempt, node: 'client', probe: 'visit', failure, operation: null },
  ...{ start: attempt * 100, end: attempt * 100 + 50, received: 5000, status: 200 },
  timings: failure === null ? { done: 0.05 } : {},
  visit: {
    url: attempt % 2 === 1 ? NEWS : SHOP,
    with: 'chromium',
    status: failure === null ? 'success' : 'failure',
    ...{ finalUrl: NEWS, bytes: 5000, protocol: 'h2' },
  },
});

/** Goes through all visits; those of `SHOP` fail where `fails` says so of their repetition. */
function goThrough(
  ledger: VisitLedger,
  fails: (repetition: number) => boolean = () => false,
): VisitRecord[] {
  return Array.from({ length: 10 }, (_, index) => {
    const attempt = index + 1;
    const failed = attempt % 2 === 0 && fails(attempt / 2);
    return (
      ledger.leaveOut(FLOW, attempt) ??
      ledger.note(FLOW, observed(attempt, failed ? 'connection_reset' : null))
    );
  });
}

const statusOf = (records: readonly VisitRecord[], url: string): string[] =>
  records.filter((record) => record.url === url).map(({ status }) => status);

describe('createVisitLedger()', () => {
  it('notes what came of each visit', () => {
    const [first] = goThrough(createVisitLedger([]));
    expect(first).to.deep.equal({
      ...{ flow: 'browse', visit: 1, node: 'client', url: NEWS, site: 'news.example/' },
      ...{ repetition: 1, with: 'chromium', status: 'success', failure: null },
      ...{ begin: 100, end: 150, loadTime: 0.05, finalUrl: NEWS, httpStatus: 200, bytes: 5000 },
      ...{ protocol: 'h2', folder: 'visits/browse/1-news.example' },
    });
  });

  it('drops a page after three failures in a row, and goes on with the others', () => {
    const records = goThrough(createVisitLedger([]), () => true);
    expect(statusOf(records, SHOP)).to.deep.equal([
      ...['failure', 'failure', 'failure', 'dropped', 'dropped'],
    ]);
    expect(statusOf(records, NEWS)).to.deep.equal(Array(5).fill('success'));
    expect(records.at(-1)).to.include({ begin: null, failure: null, folder: null, visit: 10 });
  });

  it('counts anew after a visit that succeeded', () => {
    const records = goThrough(createVisitLedger([]), (repetition) => repetition !== 3);
    expect(statusOf(records, SHOP)).to.deep.equal([
      ...['failure', 'failure', 'success', 'failure', 'failure'],
    ]);
  });

  it('leaves out as many visits of a page as an earlier run has finished', () => {
    const earlier = goThrough(createVisitLedger([])).filter(
      ({ url, visit }) => url === NEWS && visit < 6,
    );
    const records = goThrough(createVisitLedger(earlier));
    expect(statusOf(records, NEWS)).to.deep.equal([
      ...['carried', 'carried', 'carried', 'success', 'success'],
    ]);
    expect(statusOf(records, SHOP)).to.deep.equal(Array(5).fill('success'));
    expect(records[2]).to.include({ visit: 3, begin: 300, folder: null });
  });

  it('does not take visits of another flow or visitor for its own', () => {
    const [first] = goThrough(createVisitLedger([]));
    const others = [
      { ...first!, flow: 'other' },
      { ...first!, with: 'curl' as const },
    ];
    const records = goThrough(createVisitLedger(others));
    expect(records.filter(({ status }) => status === 'carried')).to.deep.equal([]);
  });
});

describe('describeCarried()', () => {
  it('counts by page and visitor', () => {
    const earlier = goThrough(createVisitLedger([])).filter(({ visit }) => visit < 4);
    expect(describeCarried([FLOW], earlier)).to.deep.equal([
      'browse: 2 of 5 visits of https://news.example/ with chromium carried over',
      'browse: 1 of 5 visits of https://shop.example/ with chromium carried over',
    ]);
    expect(describeCarried([FLOW], [])).to.deep.equal([]);
  });
});
