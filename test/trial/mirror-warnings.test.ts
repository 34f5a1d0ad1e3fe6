import { expect } from 'chai';
import type { Expectation, NumberRange } from '../../src/model/expectation.ts';
import { DEFAULT_MIRROR } from '../../src/model/mirror-defaults.ts';
import type { CopyOutcome, MirrorRecord } from '../../src/model/mirror-record.ts';
import type { PlanMirror } from '../../src/model/mirror.ts';
import { Tally } from '../../src/roles/mirror/tally.ts';
import { mirrorWarnings } from '../../src/trial/mirror-warnings.ts';

type Wish = Omit<Extract<Expectation, { kind: 'mirror' }>, 'kind' | 'id' | 'mirror'>;

const MIRROR: PlanMirror = {
  ...DEFAULT_MIRROR,
  name: 'shadow',
  online: { node: 'web', addresses: ['10.1.0.2'], port: 80 },
  target: { node: 'copy', addresses: ['10.2.0.2'], port: 80 },
  assistant: 'third',
};
const range = (min: number | null, max: number | null): NumberRange => ({ min, max, text: '' });
const NONE = range(0, 0);
const SOME = range(1, null);

function recordOf(note: (tally: Tally) => void): MirrorRecord {
  const tally = new Tally();
  tally.seen = 9;
  note(tally);
  const places = { name: 'shadow', online: 'web', target: 'copy', assistant: 'third' };
  return { ...places, statistics: tally.snapshot(), comparison: null };
}

const warn = (records: readonly MirrorRecord[], wish: Wish = {}): string[] =>
  mirrorWarnings(
    {
      mirrors: [MIRROR],
      expectations: [{ kind: 'mirror', id: '1', mirror: 'shadow', ...wish }],
    },
    records,
  );

const outcome = (short: number): CopyOutcome => ({
  ending: short === 0 ? 'finished' : 'no-window',
  ...{ detail: '', copied: 500, sent: 500 - short, short },
  ...{ reopened: 0, retransmitted: 0, unanswered: 0 },
});
const SHORT = recordOf((tally) => {
  tally.noteOutcome(outcome(0));
  tally.noteOutcome(outcome(300));
});
const LEAKING = recordOf((tally) => (tally.leaked = 1));

describe('mirrorWarnings()', () => {
  it('has none of a mirror that copied all that it was to copy', () => {
    const record = recordOf((tally) => {
      tally.noteOutcome(outcome(0));
      tally.noteRefusal('not-sampled');
      tally.noteRefusal('not-a-client');
    });
    expect(warn([record])).to.deep.equal([]);
  });

  it('says by how much copies are short, unless that is expected', () => {
    const text = 'Mirror shadow: short copies: 1 of 2, by 300 B of 1.00 kB';
    expect(warn([SHORT])).to.deep.equal([text]);
    expect(warn([SHORT], { short: NONE, copied: range(1, 1) })).to.deep.equal([text]);
    for (const wish of [
      { short: range(null, 400) },
      { copied: range(0.5, null) },
      { ending: { name: 'no-window', count: SOME } },
    ] as const)
      expect(warn([SHORT], wish)).to.deep.equal([]);
  });

  it('counts leaks, unless they are expected', () => {
    const text = 'Mirror shadow: 1 packet of copy went on to clients';
    expect(warn([LEAKING])).to.deep.equal([text]);
    expect(warn([LEAKING], { leaked: NONE })).to.deep.equal([text]);
    expect(warn([LEAKING], { leaked: SOME })).to.deep.equal([]);
  });

  it('counts sessions that nobody asked to be left out', () => {
    const record = recordOf((tally) => {
      for (const cause of ['no-free-port', 'unreadable', 'not-sampled'] as const)
        tally.noteRefusal(cause);
    });
    expect(warn([record])).to.deep.equal(['Mirror shadow: 2 sessions could not be copied']);
    expect(warn([record], { refused: SOME })).to.deep.equal([]);
  });

  it('says that nothing came, unless that is expected', () => {
    const idle = recordOf((tally) => (tally.seen = 0));
    const text = 'Mirror shadow: no session of a client came to it';
    expect(warn([])).to.deep.equal([text]);
    expect(warn([idle])).to.deep.equal([text]);
    expect(warn([idle], { sessions: range(null, 3) })).to.deep.equal([]);
    expect(warn([idle], { doctor: ['port-closed'] })).to.deep.equal([]);
  });

  it('says what could not be compared', () => {
    const latency = { count: 0, p50: 0, p90: 0, p99: 0, buckets: [] };
    const comparison = {
      ...{ pairs: 3, different: 0, missing: 0, extra: 0, unread: 2, faults: 1, differences: [] },
      latency: { online: latency, target: latency },
    };
    expect(warn([{ ...recordOf(() => undefined), comparison }])).to.deep.equal([
      'Mirror shadow: of 2 pairs of answers only the sizes were compared',
      'Mirror shadow: the answers of 1 session could not be read to the end',
    ]);
  });
});
