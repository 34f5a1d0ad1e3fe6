import { expect } from 'chai';
import { CaptureSource } from '../../../../src/agent/mirror/online/capture-source.ts';
import { readCapture } from '../../../../src/wire/read-capture.ts';
import { recordedSession } from '../recorded-session.ts';

const ENDS = { client: '10.190.7.7', online: '10.190.0.1', port: 9999 };
const read = readCapture(recordedSession(ENDS));
const RECORDS = read.ok ? read.value.records : [];

function source(speed = 1, online = { node: 'online', addresses: ['10.190.0.1'], port: 9999 }) {
  const seen: string[] = [];
  const capture = new CaptureSource(
    RECORDS.toReversed(),
    { online, speed },
    {
      fromClient: (view, time) => void seen.push(`client ${view.payloadLength} at ${time}`),
      fromOnline: (view, time) => void seen.push(`online ${view.payloadLength} at ${time}`),
    },
  );
  return { capture, seen };
}

describe('CaptureSource', () => {
  it('plays nothing before it is begun', () => {
    const { capture, seen } = source();
    expect(capture.nextDue).to.equal(Infinity);
    expect(capture.read(100, 1e9)).to.equal(0);
    expect(seen).to.deep.equal([]);
    expect(capture.isOver(1e9)).to.equal(true);
  });

  it('plays both sides in the order and at the pace of the capture', () => {
    const { capture, seen } = source(2);
    capture.begin(1000);
    expect(capture.read(100, 1000)).to.equal(1);
    expect(capture.nextDue).to.equal(26_000);
    expect(capture.read(100, 101_000)).to.equal(4);
    expect(seen).to.deep.equal([
      'client 0 at 1000',
      'online 0 at 26000',
      'client 0 at 51000',
      'client 99 at 76000',
      'online 10 at 101000',
    ]);
  });

  it('hands over no more than it may at a time', () => {
    const { capture, seen } = source();
    capture.begin(0);
    expect(capture.read(3, 1e9)).to.equal(3);
    expect(seen).to.have.length(3);
    expect(capture.left).to.equal(RECORDS.length - 3);
  });

  it('leaves out what is of another server', () => {
    const { capture, seen } = source(1, { node: 'online', addresses: ['10.190.0.1'], port: 80 });
    capture.begin(0);
    expect(capture.read(100, 1e9)).to.equal(RECORDS.length);
    expect(seen).to.deep.equal([]);
  });

  it('is waited for at the end, and not for ever', () => {
    const { capture } = source();
    capture.begin(0);
    expect([0, 7e6, 8e6].map((now) => capture.isOver(now))).to.deep.equal([false, false, true]);
    capture.read(100, 1e9);
    expect([capture.left, capture.isOver(0)]).to.deep.equal([0, true]);
  });
});
