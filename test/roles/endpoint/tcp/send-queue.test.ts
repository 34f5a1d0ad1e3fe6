import { expect } from 'chai';
import { SendQueue, type SentSegment } from '../../../../src/roles/endpoint/tcp/send-queue.ts';
import { TCP_FLAG } from '../../../../src/wire/tcp.ts';

const INITIAL = 0xffff_fff0;
const segment = (at: number, length: number, rest: Partial<SentSegment> = {}): SentSegment => ({
  sequence: (INITIAL + at) >>> 0,
  length,
  flags: TCP_FLAG.ACK,
  payload: new Uint8Array(length),
  options: new Uint8Array(0),
  retransmit: true,
  sentAt: 0,
  transmissions: 1,
  ...rest,
});

function queueOf(...segments: readonly SentSegment[]): SendQueue {
  const queue = new SendQueue();
  queue.begin(INITIAL);
  for (const one of segments) queue.add(one);
  return queue;
}

const at = (sequence: number): number => (sequence - INITIAL) | 0;

describe('roles/endpoint/tcp/send-queue', () => {
  it('add() moves the next number over what has no gap before it, around the circle', () => {
    const queue = queueOf(segment(0, 10), segment(20, 20), segment(5, 2));
    expect(at(queue.next)).to.equal(10);
    queue.add(segment(8, 14));
    expect(at(queue.next)).to.equal(40);
    expect(queue.flight).to.equal(40);
  });

  it('add() knows our FIN only when everything before it was sent', () => {
    const queue = queueOf(segment(3, 2, { flags: TCP_FLAG.FIN }));
    expect(queue.finSequence).to.equal(null);
    queue.add(segment(0, 3));
    expect(at(queue.finSequence ?? 0)).to.equal(4);
  });

  it('first() passes over what is sent once, and what lies behind a gap', () => {
    expect(queueOf(segment(5, 5)).first()).to.equal(undefined);
    expect(queueOf(segment(0, 5, { retransmit: false })).first()).to.equal(undefined);
    const queue = queueOf(segment(0, 5, { retransmit: false }), segment(5, 5));
    expect(at(queue.first()?.sequence ?? 0)).to.equal(5);
  });

  it('acknowledge() gives what is done with, nothing for old numbers, and refuses what was never sent', () => {
    const queue = queueOf(segment(0, 5), segment(5, 5), segment(15, 5));
    expect(queue.acknowledge((INITIAL + 11) >>> 0)).to.equal('beyond');
    expect(queue.acknowledge((INITIAL + 7) >>> 0)).to.deep.equal([segment(0, 5)]);
    expect(queue.acknowledge((INITIAL + 5) >>> 0)).to.deep.equal([]);
    expect(at(queue.unacknowledged)).to.equal(7);
    expect(at(queue.first()?.sequence ?? 0)).to.equal(5);
  });

  it('acknowledge() believes that a doubtful segment arrived, and what it joins', () => {
    const queue = queueOf(segment(0, 5), segment(10, 5));
    queue.addDoubtful(segment(5, 5));
    expect(at(queue.next)).to.equal(5);
    expect(queue.acknowledge((INITIAL + 16) >>> 0)).to.equal('beyond');
    expect(queue.acknowledge((INITIAL + 15) >>> 0)).to.have.length(2);
    expect(at(queue.next)).to.equal(15);
  });
});
