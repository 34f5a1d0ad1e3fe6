import { expect } from 'chai';
import { Flight } from '../../../../src/roles/mirror/copy/flight.ts';

const SEGMENT = 1000;

function flight(limit = 1_000_000, window = 1e9): Flight {
  const started = new Flight(limit);
  started.begin(500, SEGMENT, window);
  return started;
}

describe('roles/mirror/copy/flight', () => {
  it('room is what the smallest of all windows leaves', () => {
    const windowed = flight(1_000_000, 3000);
    windowed.advance(1500);
    expect([windowed.size, windowed.room]).to.deep.equal([1000, 2000]);
    expect(flight(2000).room).to.equal(2000);
    expect(flight().room).to.equal(65_536);
  });

  it('acknowledge() opens the window of congestion, up to the limit', () => {
    const open = flight(100_000);
    for (let turn = 0; turn < 40; turn += 1) {
      open.advance(open.next + 10_000);
      expect(open.acknowledge(open.next)).to.equal(false);
    }
    expect(open.room).to.equal(100_000);
  });

  it('noteDuplicate() asks for the first segment at the third, once a loss', () => {
    const lossy = flight();
    lossy.advance(20_500);
    const asked = Array.from({ length: 6 }, () => lossy.noteDuplicate());
    expect(asked).to.deep.equal([false, false, true, false, false, false]);
    expect(lossy.room).to.equal(10_000 - 20_000);
    // A part of what was under way: what follows it is lost as well.
    expect(lossy.acknowledge(3500)).to.equal(true);
    expect(lossy.acknowledge(20_500)).to.equal(false);
    lossy.advance(22_500);
    expect(Array.from({ length: 3 }, () => lossy.noteDuplicate())).to.deep.equal([
      false,
      false,
      true,
    ]);
  });

  it('goBack() says all again from what is missing, a segment first', () => {
    const back = flight();
    back.advance(20_500);
    back.goBack();
    expect([back.next, back.highest, back.room]).to.deep.equal([500, 20_500, SEGMENT]);
    back.advance(1500);
    // The target had what came behind the gap.
    back.acknowledge(12_500);
    expect([back.acknowledged, back.next]).to.deep.equal([12_500, 12_500]);
    expect(back.room).to.equal(13_000);
  });
});
