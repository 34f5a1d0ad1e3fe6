import { expect } from 'chai';
import { Gate } from '../../../../src/roles/mirror/copy/gate.ts';

const PATIENCE = 3_000_000;

describe('roles/mirror/copy/gate', () => {
  it('lets() lets pass what the client said without having been answered more', () => {
    const gate = new Gate(PATIENCE);
    expect([gate.lets(0, 0, 1), gate.lets(0, 0, 2)]).to.deep.equal([true, true]);
    expect(gate.due).to.equal(Infinity);
  });

  it('lets() waits for as many bytes as the online server answered', () => {
    const gate = new Gate(PATIENCE);
    expect([gate.lets(500, 0, 100), gate.due]).to.deep.equal([false, 100 + PATIENCE]);
    gate.noteAnswer(200);
    expect(gate.lets(500, 499, 200)).to.equal(false);
    gate.noteAnswer(300);
    expect(gate.lets(500, 500, 300)).to.equal(true);
    expect(gate.lets(700, 699, 400)).to.equal(false);
    expect(gate.lets(700, 700, 400)).to.equal(true);
    expect(gate.unanswered).to.equal(0);
  });

  it('lets() takes silence after some bytes for the end of a shorter answer, each time anew', () => {
    const gate = new Gate(PATIENCE);
    gate.lets(500, 0, 0);
    gate.noteAnswer(1000);
    expect([gate.lets(500, 10, 1000), gate.due]).to.deep.equal([false, 3000]);
    expect(gate.lets(500, 10, 3000)).to.equal(true);
    gate.noteAnswer(4000);
    expect(gate.lets(1000, 509, 4000)).to.equal(false);
    expect(gate.lets(1000, 510, 4000)).to.equal(true);
  });

  it('lets() does not wait for ever for a target that says nothing, and counts it', () => {
    const gate = new Gate(PATIENCE);
    expect(gate.lets(500, 0, 0)).to.equal(false);
    expect(gate.lets(500, 0, PATIENCE - 1)).to.equal(false);
    expect(gate.lets(500, 0, PATIENCE)).to.equal(true);
    expect([gate.unanswered, gate.due]).to.deep.equal([1, Infinity]);
  });

  it('begin() starts with a connection that was answered nothing yet', () => {
    const gate = new Gate(PATIENCE);
    gate.begin(900);
    expect([gate.lets(900, 0, 0), gate.lets(950, 0, 0)]).to.deep.equal([true, false]);
    expect(gate.lets(950, 50, 0)).to.equal(true);
  });

  it('lets() lets everything pass where there is no waiting', () => {
    expect(new Gate(0).lets(1e9, 0, 0)).to.equal(true);
  });
});
