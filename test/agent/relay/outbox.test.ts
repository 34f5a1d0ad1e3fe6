import { expect } from 'chai';
import { type RelayReply, SHARED } from '../../../src/agent/relay/order.ts';
import { Outbox } from '../../../src/agent/relay/outbox.ts';
import type { RelayNews } from '../../../src/model/relay-news.ts';
import type { RelayAudit } from '../../../src/model/relay.ts';

const AUDIT: RelayAudit = {
  ...{ time: 1, session: 1, at: 'C->P', message: 1, type: 'HELLO', rule: 'r', operation: 'drop' },
};
const FINDING: RelayNews = {
  ...{ kind: 'finding', time: 1, session: 1, message: 1, answer: 'reset' },
  mutation: { at: 'C->P', type: 'HELLO', nth: 1, edits: [] },
};
const ALL = { audits: true, sessions: true };
const NOW = 1e15;
const NOTE = { kind: 'note', time: 1, session: 1, text: 'hello' } as const;

describe('agent/relay/outbox', () => {
  let shared: Int32Array;
  let posted: RelayReply[];
  let outbox: Outbox;
  beforeEach(() => {
    shared = new Int32Array(SHARED.words);
    posted = [];
    outbox = new Outbox(shared, ALL, (reply) => posted.push(reply));
  });

  it('sends audit records as lines, and news', () => {
    outbox.audit(AUDIT);
    outbox.audit(AUDIT);
    outbox.tell(NOTE);
    outbox.flush(NOW);
    outbox.flush(NOW);
    const line = `${JSON.stringify(AUDIT)}\n`;
    expect(posted).to.deep.equal([
      { kind: 'audit', text: line + line, records: 2 },
      { kind: 'news', news: [NOTE] },
    ]);
  });

  it('lets ten milliseconds pass before it wakes the other side again, and says when it will', () => {
    expect(outbox.nextDue).to.equal(Infinity);
    outbox.tell(NOTE);
    outbox.flush(NOW);
    outbox.tell(NOTE);
    outbox.flush(NOW + 9999);
    outbox.tell(NOTE);
    expect(posted).to.have.length(1);
    expect(outbox.nextDue).to.equal(NOW + 10_000);
    outbox.flush(NOW + 10_000);
    expect(posted.slice(1)).to.deep.equal([{ kind: 'news', news: [NOTE, NOTE] }]);
    outbox.tell(NOTE);
    outbox.end();
    expect(posted).to.have.length(3);
  });

  it('holds nothing back for a clock that was set back', () => {
    outbox.tell(NOTE);
    outbox.flush(NOW);
    outbox.tell(NOTE);
    outbox.flush(NOW - 3_600_000_000);
    expect(posted).to.have.length(2);
  });

  it('keeps nothing that nobody wants, but findings', () => {
    outbox = new Outbox(shared, { audits: false, sessions: false }, (reply) => posted.push(reply));
    outbox.audit(AUDIT);
    outbox.tell(NOTE);
    expect(outbox.nextDue).to.equal(Infinity);
    outbox.tell(FINDING);
    outbox.end();
    expect(posted).to.deep.equal([{ kind: 'news', news: [FINDING] }]);
  });

  it('counts what the other side has no room for, until it has taken some', () => {
    for (let count = 0; count < 100_003; count += 1) outbox.audit(AUDIT);
    outbox.tell(NOTE);
    outbox.flush(NOW);
    outbox.reportLosses();
    outbox.reportLosses();
    expect(posted.slice(1)).to.deep.equal([
      { kind: 'loss', count: 3, what: 'audit records' },
      { kind: 'loss', count: 1, what: 'reports of sessions' },
    ]);
    shared[SHARED.taken] = 1;
    outbox.audit(AUDIT);
    outbox.end();
    expect(posted.at(-1)).to.include({ kind: 'audit', records: 1 });
  });
});
