import { expect } from 'chai';
import { Outgoing } from '../../../src/roles/mirror/outgoing.ts';

const bytes = (length: number): Uint8Array => new Uint8Array(length).fill(length);

function said(...pieces: readonly (readonly [length: number, answered: number])[]): Outgoing {
  const outgoing = new Outgoing();
  for (const [length, answered] of pieces) outgoing.append(bytes(length), answered);
  return outgoing;
}

describe('roles/mirror/outgoing', () => {
  it('at() finds the piece of each byte', () => {
    const outgoing = said([10, 0], [5, 0], [20, 7]);
    expect([0, 9, 10, 14, 15, 34].map((place) => outgoing.at(place)?.start)).to.deep.equal([
      0, 0, 10, 10, 15, 15,
    ]);
    expect(outgoing.at(35)).to.equal(undefined);
    expect([outgoing.size, outgoing.end]).to.deep.equal([35, 35]);
  });

  it('keeps copies: the memory of a packet changes afterwards', () => {
    const outgoing = new Outgoing();
    const memory = bytes(3);
    outgoing.append(memory, 0);
    memory.fill(0);
    expect(outgoing.at(0)?.bytes).to.deep.equal(bytes(3));
  });

  it('openingFrom() finds where the client speaks after an answer', () => {
    const outgoing = said([10, 0], [5, 0], [20, 7], [4, 7], [1, 9]);
    expect([0, 1, 15, 16, 39, 40].map((place) => outgoing.openingFrom(place))).to.deep.equal([
      0,
      15,
      15,
      39,
      39,
      null,
    ]);
  });

  it('takes an acknowledgment that came late for no answer', () => {
    const outgoing = said([10, 5], [10, 3], [10, 5], [10, 6]);
    expect(outgoing.openingFrom(1)).to.equal(30);
    expect(outgoing.at(10)?.answered).to.equal(5);
  });

  it('appendHole() leaves a place that has no bytes and begins nothing', () => {
    const outgoing = said([10, 0]);
    outgoing.appendHole(6);
    outgoing.append(bytes(3), 4);
    expect(outgoing.at(12)).to.deep.include({ start: 10, end: 16, bytes: null, opens: false });
    expect(outgoing.openingFrom(10)).to.equal(16);
  });

  it('release() forgets what lies before, of pieces that are done with', () => {
    const outgoing = new Outgoing();
    for (let piece = 0; piece < 5000; piece += 1) {
      outgoing.append(bytes(2), piece);
      outgoing.release(2 * piece - 5);
    }
    expect([outgoing.start, outgoing.size]).to.deep.equal([9993, 7]);
    expect(outgoing.at(9993)?.start).to.equal(9992);
    expect(outgoing.at(9999)?.start).to.equal(9998);
    outgoing.release(20_000);
    expect([outgoing.start, outgoing.size]).to.deep.equal([10_000, 0]);
  });

  it('abandon() goes on counting and keeps nothing', () => {
    const outgoing = said([10, 0]);
    outgoing.abandon();
    outgoing.append(bytes(20), 3);
    expect([outgoing.end, outgoing.size]).to.deep.equal([30, 0]);
    expect(outgoing.at(15)).to.equal(undefined);
  });

  it('finish() holds the first word of the end', () => {
    const outgoing = said([10, 4]);
    outgoing.finish(3);
    outgoing.finish(9);
    expect(outgoing.finished).to.equal(4);
  });
});
