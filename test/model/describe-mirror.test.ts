import { expect } from 'chai';
import { describeMirror, describeMirrorNews } from '../../src/model/describe-mirror.ts';
import { Tally } from '../../src/roles/mirror/tally.ts';

const OUTCOME = { copied: 1_500_000, sent: 1_500_000, short: 0 };
const COUNTS = { reopened: 0, retransmitted: 0, unanswered: 0 };

describe('model/describe-mirror', () => {
  it('describeMirrorNews() says whose copy began, and as whom it speaks', () => {
    const opened = { kind: 'opened', time: 0, copy: 3, client: '10.0.0.1:40000' } as const;
    expect(describeMirrorNews({ ...opened, as: '10.0.0.1:40000', isWhole: true })).to.equal(
      'copy 3: of 10.0.0.1:40000',
    );
    expect(describeMirrorNews({ ...opened, as: '10.9.0.1:40000', isWhole: false })).to.equal(
      'copy 3: of 10.0.0.1:40000 as 10.9.0.1:40000, from its middle',
    );
  });

  it('describeMirrorNews() says whether a copy was whole, and by how much it was not and why', () => {
    const ended = { kind: 'ended', time: 0, copy: 3, detail: '', ...OUTCOME, ...COUNTS } as const;
    expect(describeMirrorNews({ ...ended, ending: 'finished' })).to.equal(
      'copy 3: whole, 1.50 MB: the client finished',
    );
    const short = {
      ...ended,
      ending: 'buffer-full',
      short: 300,
      detail: '9 bytes waited',
    } as const;
    expect(describeMirrorNews(short)).to.equal(
      'copy 3: short by 300 B of 1.50 MB: more waited than the limits allow (9 bytes waited)',
    );
    const failed = { kind: 'failed', time: 0, copy: 3, ending: 'no-window', detail: '' } as const;
    expect(describeMirrorNews(failed)).to.equal(
      "copy 3: failed: the target's window stayed closed",
    );
    const client = '[fd00::1]:5';
    expect(describeMirrorNews({ kind: 'refused', time: 0, client, cause: 'not-sampled' })).to.equal(
      'not copied: [fd00::1]:5: it is not of the sample',
    );
  });

  it('describeMirror() has every number that decides whether a mirror worked', () => {
    const tally = new Tally();
    tally.seen = 4;
    tally.begun = 2;
    tally.sent = 20;
    tally.noteRefusal('not-sampled');
    tally.noteRefusal('not-sampled');
    tally.noteOutcome({ ending: 'finished', detail: '', ...OUTCOME, ...COUNTS });
    const short = { copied: 500, sent: 200, short: 300 };
    tally.noteOutcome({ ending: 'no-window', detail: '', ...short, ...COUNTS });
    const places = { name: 'shadow', online: 'web', target: 'copy', assistant: 'third' };
    const record = { ...places, statistics: tally.snapshot(), comparison: null };
    expect(describeMirror(record).split('\n')).to.deep.equal([
      'shadow: web to copy, whose answers end at third',
      '4 sessions, 0 of them open; 2 copies',
      '1 copies whole, 1 short by 300 B of 1.50 MB',
      '20 packets sent, 0 of them again; 0 answers, 0 strays, 0 leaked',
      'not copied: 2: it is not of the sample',
    ]);
  });
});
