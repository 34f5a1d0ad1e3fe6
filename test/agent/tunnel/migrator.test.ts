import { expect } from 'chai';
import { seededRandom } from '../../../src/base/random.ts';
import { Migrator } from '../../../src/agent/tunnel/migrator.ts';
import type { MovingPolicy } from '../../../src/roles/tunnel/policy.ts';

const PATHS = ['a', 'b', 'c'];

interface Course {
  readonly migrator: Migrator;
  /** Milliseconds and packets, which a test moves on. */
  readonly at: { now: number; sent: number };
  /** Where it has gone. */
  readonly gone: number[];
}

function course(policy: Partial<MovingPolicy>, from = 0): Course {
  const at = { now: from, sent: from };
  const gone: number[] = [];
  const migrator = new Migrator(
    {
      ...{ policy: 'round-robin', every: { kind: 'time', ms: 100 } },
      ...{ weights: [], alpha: 1, batch: null, trace: null, ...policy },
    },
    PATHS,
    seededRandom(1),
    { now: () => at.now, sent: () => at.sent, go: (path) => void gone.push(path) },
  );
  return { migrator, at, gone };
}

describe('agent/tunnel/migrator', () => {
  it('goes nowhere until it is on, and then after each period', () => {
    const { migrator, at, gone } = course({}, 5000);
    expect(migrator.turn()).to.equal(Infinity);
    at.now = 5050;
    migrator.enable(true);
    expect(migrator.turn()).to.equal(100);
    at.now = 5149;
    expect(migrator.turn()).to.equal(1);
    at.now = 5150;
    expect(migrator.turn()).to.equal(100);
    expect(gone).to.deep.equal([1]);
    at.now = 5250;
    migrator.turn();
    at.now = 5350;
    migrator.turn();
    expect(gone).to.deep.equal([1, 2, 0]);
  });

  it('passes over what is over when it comes late', () => {
    const { migrator, at, gone } = course({});
    migrator.enable(true);
    at.now = 530;
    expect(migrator.turn()).to.equal(70);
    expect(gone).to.deep.equal([2]);
  });

  it('stays where it is while it is off, and goes on from there', () => {
    const { migrator, at, gone } = course({});
    migrator.enable(true);
    at.now = 130;
    migrator.turn();
    migrator.enable(false);
    at.now = 10_000;
    expect(migrator.turn()).to.equal(Infinity);
    migrator.enable(true);
    expect(migrator.turn()).to.equal(70);
    expect(gone).to.deep.equal([1]);
    at.now = 10_070;
    migrator.turn();
    expect(gone).to.deep.equal([1, 2]);
  });

  it('counts packets, and looks at them each millisecond', () => {
    const { migrator, at, gone } = course({ every: { kind: 'packets', count: 50 } }, 7);
    migrator.enable(true);
    at.sent = 56;
    expect(migrator.turn()).to.equal(1);
    expect(gone).to.deep.equal([]);
    at.sent = 57;
    migrator.turn();
    expect(gone).to.deep.equal([1]);
  });

  it('follows a trace by time, to its end', () => {
    const trace = [
      { at: 20, to: 'c' },
      { at: 30, to: 'b' },
    ];
    const { migrator, at, gone } = course({ policy: 'trace', trace });
    migrator.enable(true);
    for (at.now = 0; at.now < 40; at.now += 10) migrator.turn();
    expect(gone).to.deep.equal([2, 1]);
    expect(migrator.turn()).to.equal(Infinity);
  });

  it('goes where it is told at once, on or off, and with its policy again at the next turn', () => {
    const { migrator, at, gone } = course({});
    migrator.switchTo(2);
    migrator.switchTo(2);
    expect(gone).to.deep.equal([2]);
    migrator.enable(true);
    expect(gone).to.deep.equal([2, 0]);
    migrator.switchTo(2);
    at.now = 100;
    migrator.turn();
    expect(gone).to.deep.equal([2, 0, 2, 1]);
  });

  it('says nothing of turns that stay on the same path', () => {
    const { migrator, at, gone } = course({ policy: 'weighted', weights: [0, 1, 0] });
    migrator.enable(true);
    for (at.now = 0; at.now < 1000; at.now += 100) migrator.turn();
    expect(gone).to.deep.equal([1]);
  });
});
