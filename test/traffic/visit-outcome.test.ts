import { expect } from 'chai';
import { type VisitFacts, visitOutcome } from '../../src/traffic/visit-outcome.ts';

const FINE: VisitFacts = { fault: null, isOutOfTime: false, httpStatus: 200, bytes: 5000 };
const RESET = { failure: 'connection_reset', operation: 'read', detail: 'reset' } as const;

const CASES: readonly (readonly [string, Partial<VisitFacts>, string | null])[] = [
  ['a page that came', {}, null],
  ['a document of just the size', { bytes: 100 }, null],
  ['one that is too small', { bytes: 99 }, 'http_request_failed'],
  ['an empty one', { bytes: 0 }, 'http_request_failed'],
  ['none', { bytes: null }, 'http_request_failed'],
  ['a redirect that was not followed', { httpStatus: 304 }, null],
  ['an error of the client', { httpStatus: 404 }, 'http_unexpected_status_code'],
  ['an error of the server', { httpStatus: 503, bytes: 0 }, 'http_unexpected_status_code'],
  ['a fault on the way', { fault: RESET, httpStatus: 404 }, 'connection_reset'],
  ['a page that is late', { isOutOfTime: true, fault: RESET }, 'generic_timeout_error'],
];

describe('visitOutcome()', () => {
  for (const [what, change, failure] of CASES)
    it(`of ${what} is ${failure ?? 'success'}`, () => {
      const outcome = visitOutcome({ ...FINE, ...change }, { minimum: 100, timeout: 30_000 });
      expect(outcome.failure).to.equal(failure);
      expect(outcome.detail === undefined).to.equal(failure === null);
    });

  it('takes any document but an empty one when there is no minimum', () => {
    const outcome = (bytes: number): string | null =>
      visitOutcome({ ...FINE, bytes }, { minimum: 0, timeout: 1000 }).failure;
    expect([outcome(1), outcome(0)]).to.deep.equal([null, 'http_request_failed']);
  });
});
