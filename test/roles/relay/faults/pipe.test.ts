import { expect } from 'chai';
import { Pipe } from '../../../../src/roles/relay/faults/pipe.ts';

function pipe(delays: readonly number[]) {
  const said: string[] = [];
  let place = 0;
  const through: Pipe = new Pipe(
    {
      push: (bytes, into, now) => {
        into.sendAt(now + (delays[place] ?? 0), bytes, now);
        place += 1;
      },
    },
    {
      push: (bytes, now) => said.push(`${now}: ${bytes.join(' ')}`),
      end: (how, now) => said.push(`${now}: ${how}`),
    },
  );
  return { through, said };
}

describe('roles/relay/faults/pipe', () => {
  it('lets nothing overtake what it holds back', () => {
    const { through, said } = pipe([0, 30, 10, 0]);
    const memory = Uint8Array.of(1);
    for (const byte of [1, 2, 3, 4]) {
      memory[0] = byte;
      through.push(memory, byte);
    }
    through.end('fin', 5);
    expect([through.waiting, through.nextDue]).to.deep.equal([3, 32]);
    through.expire(31);
    expect(said).to.deep.equal(['1: 1']);
    through.expire(32);
    expect(said).to.deep.equal(['1: 1', '32: 2', '32: 3', '32: 4', '32: fin']);
    expect([through.waiting, through.nextDue]).to.deep.equal([0, Infinity]);
  });

  it('lets nothing through behind an end', () => {
    const { through, said } = pipe([5, 0]);
    through.push(Uint8Array.of(1), 0);
    through.endAt(0, 'reset-by-fault', 0);
    through.push(Uint8Array.of(2), 0);
    through.leave(3);
    through.push(Uint8Array.of(3), 3);
    through.end('fin', 3);
    expect(said).to.deep.equal(['3: 1', '3: reset-by-fault']);
  });

  it('holds back what never leaves by itself, and lets it go when the fault is gone', () => {
    const { through, said } = pipe([Infinity, 0]);
    through.push(Uint8Array.of(1), 0);
    through.push(Uint8Array.of(2), 1);
    through.end('fin', 1);
    expect([said, through.waiting, through.nextDue]).to.deep.equal([[], 2, Infinity]);
    through.leave(2);
    expect(said).to.deep.equal(['2: 1', '2: 2', '2: fin']);
  });
});
