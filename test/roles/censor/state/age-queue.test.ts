import { expect } from 'chai';
import { AgeQueue } from '../../../../src/roles/censor/state/age-queue.ts';
import { FlowKey } from '../../../../src/roles/censor/state/flow-key.ts';
import type { Flow } from '../../../../src/roles/censor/state/flow.ts';

const make = (now: number): Flow => new FlowKey(1).begin(true, now);

function fill(queue: AgeQueue<Flow>, count: number): readonly Flow[] {
  return Array.from({ length: count }, (_, index) => {
    const flow = make(index);
    queue.append(flow);
    return flow;
  });
}

/** Takes the oldest out until none is left. */
function drain(queue: AgeQueue<Flow>): readonly Flow[] {
  const order: Flow[] = [];
  for (let flow = queue.oldest; flow !== null; flow = queue.oldest) {
    order.push(flow);
    queue.unlink(flow);
  }
  return order;
}

describe('roles/censor/age-queue', () => {
  it('append() and unlink() keep the order, wherever a flow is taken out', () => {
    for (const taken of [0, 1, 2, 3]) {
      const queue = new AgeQueue<Flow>(1e6);
      const flows = fill(queue, 4);
      const gone = flows[taken];
      if (gone === undefined) throw new Error('there are four flows');
      queue.unlink(gone);
      expect(gone.queue).to.equal(null);
      expect(drain(queue)).to.deep.equal(flows.filter((flow) => flow !== gone));
    }
  });

  it('touch() moves a flow to the young end, though not for each packet', () => {
    const queue = new AgeQueue<Flow>(1e6);
    const [first, second] = fill(queue, 2);
    if (first === undefined || second === undefined) throw new Error('there are two flows');
    queue.touch(first, 50_000);
    expect(queue.oldest).to.equal(first);
    expect(first.lastSeen).to.equal(50_000);
    queue.touch(first, 150_000);
    expect(drain(queue)).to.deep.equal([second, first]);
  });

  it('isOver() is true once a flow was silent for longer than the limit', () => {
    const queue = new AgeQueue<Flow>(1e6);
    const flow = make(5);
    expect(queue.isOver(flow, 1e6 + 5)).to.equal(false);
    expect(queue.isOver(flow, 1e6 + 6)).to.equal(true);
  });
});
