import { expect } from 'chai';
import { mirrorChecks, mirrorMetric } from '../../src/analysis/mirror-checks.ts';
import type { Expectation, NumberRange } from '../../src/model/expectation.ts';
import type { CompareStatistics, LatencySummary } from '../../src/model/mirror-compare.ts';
import type { MirrorDiagnosis } from '../../src/model/mirror-doctor.ts';
import type { MirrorRecord } from '../../src/model/mirror-record.ts';
import { Tally } from '../../src/roles/mirror/tally.ts';

type Wish = Omit<Extract<Expectation, { kind: 'mirror' }>, 'kind' | 'id' | 'mirror'>;

const exactly = (value: number): NumberRange => ({ min: value, max: value, text: `${value}` });
const atLeast = (min: number, text = `>= ${min}`): NumberRange => ({ min, max: null, text });

const LATENCY: LatencySummary = { count: 4, p50: 2, p90: 8, p99: 9, buckets: [] };
const COMPARISON: CompareStatistics = {
  ...{ pairs: 4, different: 1, missing: 2, extra: 0, unread: 0, faults: 0, differences: [] },
  latency: { online: LATENCY, target: { ...LATENCY, p50: 3, p99: 12 } },
};

/** Of three sessions: one copied whole, one short by one byte of 100,000, one that is not of the sample. */
function recordOf(comparison: CompareStatistics | null = null): MirrorRecord {
  const tally = new Tally();
  tally.seen = 3;
  tally.begun = 2;
  tally.leaked = 5;
  tally.noteRefusal('not-sampled');
  const counts = { detail: '', reopened: 0, retransmitted: 0, unanswered: 0 };
  tally.noteOutcome({ ending: 'finished', copied: 50_000, sent: 50_000, short: 0, ...counts });
  tally.noteOutcome({ ending: 'no-window', copied: 50_000, sent: 49_999, short: 1, ...counts });
  const places = { name: 'shadow', online: 'web', target: 'copy', assistant: 'third' };
  return { ...places, statistics: tally.snapshot(), comparison };
}

/** Details, those of what does not hold with an exclamation mark. */
function check(
  wish: Wish,
  record: MirrorRecord = recordOf(COMPARISON),
  diagnoses: readonly MirrorDiagnosis[] = [],
): string[] {
  const expectation = { kind: 'mirror', id: 'e1', mirror: 'shadow', ...wish } as const;
  return mirrorChecks(expectation, [record], diagnoses).map(
    ({ held, detail }) => `${held ? '' : '! '}${detail}`,
  );
}

describe('mirrorChecks()', () => {
  it('looks at sessions and copies', () => {
    const ending = { name: 'no-window', count: exactly(1) } as const;
    expect(
      check({ sessions: exactly(3), refused: exactly(0), whole: atLeast(1), ending }),
    ).to.deep.equal([
      'shadow: sessions 3 (3)',
      '! shadow: sessions not copied is 1, expected 0',
      'shadow: whole copies 1 (>= 1)',
      'shadow: copies that ended as no-window 1 (1)',
    ]);
    expect(check({ ending: { name: 'idle', count: atLeast(1) } })).to.deep.equal([
      '! shadow: copies that ended as idle is 0, expected >= 1',
    ]);
  });

  it('calls nearly all not all', () => {
    expect(
      check({ copied: { min: 1, max: 1, text: '100%' }, short: exactly(0), leaked: exactly(0) }),
    ).to.deep.equal([
      '! shadow: copied is 99.9%, expected 100%',
      '! shadow: short is 1 B, expected 0',
      '! shadow: leaked packets is 5, expected 0',
    ]);
    expect(check({ copied: atLeast(0.5, '>= 50%') })).to.deep.equal([
      'shadow: copied 99.9% (>= 50%)',
    ]);
  });

  it('has no share of nothing', () => {
    const statistics = new Tally().snapshot();
    expect(check({ copied: atLeast(0) }, { ...recordOf(), statistics })).to.deep.equal([
      '! shadow: copied was not measured, expected >= 0',
    ]);
  });

  it('looks at what was compared, where it was', () => {
    const wish = { pairs: atLeast(4), different: exactly(0), missing: exactly(2) };
    expect(check(wish)).to.deep.equal([
      'shadow: pairs 4 (>= 4)',
      '! shadow: different is 1, expected 0',
      'shadow: missing 2 (2)',
    ]);
    expect(check({ different: exactly(0) }, recordOf())).to.deep.equal([
      '! shadow: different was not measured, expected 0',
    ]);
  });

  it('wants what the doctor found, all of it and nothing else, in any order', () => {
    const finding = { effect: 'fails', message: '', help: '' } as const;
    const findings = [
      { code: 'route-missing', ...finding },
      { code: 'port-closed', ...finding },
    ] as const;
    const found = [{ mirror: 'shadow', findings }];
    const held = (doctor: Wish['doctor'], diagnoses: readonly MirrorDiagnosis[] = found) =>
      check({ ...(doctor && { doctor }) }, recordOf(), diagnoses);
    expect(held(['port-closed', 'route-missing'])).to.deep.equal([
      "shadow: the doctor's finding port-closed, route-missing",
    ]);
    expect(held(['port-closed'])).to.deep.equal([
      "! shadow: the doctor's finding is port-closed, route-missing, expected port-closed",
    ]);
    expect(held(['port-closed'], [{ mirror: 'shadow', findings: [] }])).to.deep.equal([
      "! shadow: the doctor's finding is nothing, expected port-closed",
    ]);
    expect(held(['port-closed'], [])).to.deep.equal(['! mirror shadow was not examined']);
  });

  it('knows of nothing that a mirror did which never ran', () => {
    const other = { ...recordOf(), name: 'other' };
    expect(check({ short: exactly(0) }, other)).to.deep.equal(['! mirror shadow never ran']);
  });
});

describe('mirrorMetric()', () => {
  it('has the times of both servers', () => {
    const mirrors = [recordOf(COMPARISON)];
    const metrics = ['online.p50', 'online.p99', 'target.p50', 'target.p99'] as const;
    expect(metrics.map((metric) => mirrorMetric(metric, 'shadow', mirrors))).to.deep.equal([
      ...[2, 9, 3, 12],
    ]);
  });

  it('has none of a mirror that compares nothing, or never had an answer', () => {
    const latency = { online: { ...LATENCY, count: 0, p50: 0 }, target: LATENCY };
    expect(mirrorMetric('online.p50', 'shadow', [recordOf()])).to.equal(null);
    expect(mirrorMetric('online.p50', 'shadow', [recordOf({ ...COMPARISON, latency })])).to.equal(
      null,
    );
    expect(mirrorMetric('online.p50', 'other', [recordOf(COMPARISON)])).to.equal(null);
  });
});
