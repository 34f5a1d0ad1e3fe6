import { expect } from 'chai';
import { Outlet } from '../../../../src/roles/relay/deliver/outlet.ts';
import { Timers } from '../../../../src/roles/relay/timers.ts';

function outlet() {
  const said: string[] = [];
  const timers = new Timers();
  const out = new Outlet(
    {
      push: (bytes, now) => said.push(`${now}: ${bytes.join(' ')}`),
      end: (how, now) => said.push(`${now}: ${how}`),
    },
    timers,
  );
  return { out, timers, said };
}

const MEMORY = Uint8Array.from({ length: 20 }, (_, index) => index);

describe('roles/relay/deliver/outlet', () => {
  it('send() writes neighbours together, and others by themselves', () => {
    const { out, said } = outlet();
    out.send(MEMORY.subarray(0, 2), 1);
    out.send(MEMORY.subarray(2, 3), 1);
    out.send(MEMORY.subarray(5, 6), 1);
    out.send(Uint8Array.of(6), 1);
    out.flush(1);
    out.flush(1);
    expect(said).to.deep.equal(['1: 0 1 2', '1: 5', '1: 6']);
  });

  it('gather() writes a message and those behind it together', () => {
    const { out, timers, said } = outlet();
    out.send(MEMORY.subarray(0, 2), 1);
    out.gather(2, 100);
    for (const byte of [7, 8, 9, 10]) {
      out.send(Uint8Array.of(byte), byte);
      out.flush(byte);
    }
    expect(said).to.deep.equal(['7: 0 1', '9: 7 8 9', '10: 10']);
    timers.run(200);
    expect([said.length, out.waiting]).to.deep.equal([3, 0]);
  });

  it('gather() waits no longer than it is told, and not behind an end', () => {
    const late = outlet();
    late.out.gather(2, 100);
    late.out.send(Uint8Array.of(1), 5);
    expect(late.out.waiting).to.equal(1);
    late.timers.run(100);
    expect(late.said).to.deep.equal(['100: 1']);
    const ended = outlet();
    ended.out.gather(2, 100);
    ended.out.send(Uint8Array.of(1), 5);
    ended.out.end('fin', 6);
    expect(ended.said).to.deep.equal(['6: 1', '6: fin']);
  });

  it('gather() within another takes the one that ends later', () => {
    const { out, said } = outlet();
    out.gather(1, 100);
    out.send(Uint8Array.of(1), 1);
    out.gather(2, 100);
    for (const byte of [2, 3, 4]) out.send(Uint8Array.of(byte), byte);
    expect(said).to.deep.equal(['4: 1 2 3 4']);
  });

  it('split() writes pieces with gaps, and what follows behind them', () => {
    const { out, timers, said } = outlet();
    out.split(MEMORY.subarray(0, 6), { sizes: [1, 2], gap: 10 }, 0);
    out.send(Uint8Array.of(99), 1);
    out.split(MEMORY.subarray(6, 8), { sizes: [1], gap: 5 }, 1);
    out.end('fin', 2);
    expect(out.waiting).to.equal(8);
    for (let now = 0; now <= 30; now += 5) timers.run(now);
    expect(said).to.deep.equal([
      '0: 0',
      '10: 1 2',
      '20: 3 4 5',
      '20: 99',
      '20: 6',
      '25: 7',
      '25: fin',
    ]);
    expect(out.waiting).to.equal(0);
  });

  it('split() ends where the message does', () => {
    const { out, said } = outlet();
    out.split(MEMORY.subarray(0, 3), { sizes: [2, 2, 2], gap: 0 }, 0);
    expect(said).to.deep.equal(['0: 0 1', '0: 2']);
  });
});
