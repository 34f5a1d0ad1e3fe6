import { expect } from 'chai';
import { EventReporter } from '../../../src/agent/packet/event-reporter.ts';
import {
  type PacketReply,
  SHARED,
  type TimedCensorEvent,
} from '../../../src/agent/packet/order.ts';

const EVENT: TimedCensorEvent = {
  time: 1,
  node: 'middle',
  censor: 'c',
  rule: 'r',
  action: 'drop',
  protocol: 'tcp',
  source: '10.0.0.1',
  sourcePort: 1,
  destination: '10.0.0.2',
  destinationPort: 2,
  detail: '',
};

describe('agent/packet/event-reporter', () => {
  const create = (): { shared: Int32Array; replies: PacketReply[]; reporter: EventReporter } => {
    const shared = new Int32Array(SHARED.words);
    const replies: PacketReply[] = [];
    return { shared, replies, reporter: new EventReporter(shared, (reply) => replies.push(reply)) };
  };

  it('flush() posts the events of a turn as one batch, and nothing when there are none', () => {
    const { reporter, replies } = create();
    reporter.report(EVENT);
    reporter.report({ ...EVENT, rule: 's' });
    reporter.flush();
    reporter.flush();
    expect(replies).to.deep.equal([{ kind: 'events', events: [EVENT, { ...EVENT, rule: 's' }] }]);
  });

  it('report() counts as lost what comes while too many are under way, and goes on when they are taken', () => {
    const { reporter, shared } = create();
    for (let count = 0; count < 100_010; count += 1) reporter.report(EVENT);
    expect(reporter.lost).to.equal(10);
    reporter.flush();
    reporter.report(EVENT);
    expect(reporter.lost).to.equal(11);
    shared[SHARED.taken] = 100_000;
    reporter.report(EVENT);
    expect(reporter.lost).to.equal(11);
  });
});
