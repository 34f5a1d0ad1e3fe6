import { expect } from 'chai';
import { Errands } from '../../../src/roles/relay/errands.ts';
import { Seat } from '../../../src/roles/relay/seat.ts';

const errand = (deadline: number) => ({
  seat: new Seat(deadline, 'ASK', new Uint8Array(0), 'strict'),
  side: 'client' as const,
  deadline,
});

describe('roles/relay/errands', () => {
  it('gives back what was added once, by its ticket', () => {
    const errands = new Errands();
    const [first, second] = [errand(5), errand(6)];
    const tickets = [errands.add(first), errands.add(second)];
    expect(errands.nextDue).to.equal(5);
    expect(errands.take(tickets[0] ?? 0)).to.equal(first);
    expect(errands.take(tickets[0] ?? 0)).to.equal(undefined);
    expect(errands.nextDue).to.equal(6);
  });

  it('takeOverdue() gives up those whose time is over', () => {
    const errands = new Errands();
    const all = [errand(5), errand(6), errand(9)];
    const tickets = all.map((each) => errands.add(each));
    expect(errands.takeOverdue(6)).to.deep.equal(all.slice(0, 2));
    expect(errands.take(tickets[1] ?? 0)).to.equal(undefined);
    expect(errands.take(tickets[2] ?? 0)).to.equal(all[2]);
    expect(errands.nextDue).to.equal(Infinity);
  });
});
