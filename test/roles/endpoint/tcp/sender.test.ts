import { expect } from 'chai';
import { Sender } from '../../../../src/roles/endpoint/tcp/sender.ts';
import type { SentSegment } from '../../../../src/roles/endpoint/tcp/send-queue.ts';
import { text } from './playbook.ts';

function senderOf(window: number, segmentSize = 4): Sender {
  const sender = new Sender(segmentSize, 1000);
  sender.begin(100);
  sender.setWindow(0, 100, window);
  return sender;
}

/** Takes what may leave, and counts it as sent. */
function drain(sender: Sender): string[] {
  const pieces: string[] = [];
  for (let piece = sender.take(); piece !== null; piece = sender.take()) {
    const { payload, isLast } = piece;
    const sent: SentSegment = {
      sequence: sender.queue.next,
      length: payload.length,
      flags: 0,
      payload,
      options: text(''),
      retransmit: true,
      sentAt: 0,
      transmissions: 1,
    };
    sender.queue.add(sent);
    pieces.push(`${Buffer.from(payload).toString()}${isLast ? '.' : ''}`);
  }
  return pieces;
}

describe('roles/endpoint/tcp/sender', () => {
  it('take() keeps writes apart and cuts them at sizes and at the segment size', () => {
    const sender = senderOf(100);
    sender.write(text('ab'), []);
    sender.write(text('cdefghij'), [1, 5]);
    sender.write(text(''), []);
    expect(sender.unsent).to.equal(10);
    expect(drain(sender)).to.deep.equal(['ab.', 'c', 'defg', 'h', 'ij.']);
  });

  it('take() waits for a window that holds the segment, unless nothing can open it', () => {
    const sender = senderOf(6);
    sender.write(text('abcdefgh'), []);
    expect(drain(sender)).to.deep.equal(['abcd']);
    const narrow = senderOf(2);
    narrow.write(text('abcdefgh'), []);
    expect(drain(narrow)).to.deep.equal(['ab']);
  });

  it('isBlocked while something waits for a closed window and nothing is under way', () => {
    const sender = senderOf(0);
    expect(sender.isBlocked).to.equal(false);
    sender.finWished = true;
    expect(sender).to.include({ isBlocked: true, mayFinish: false, probeSequence: 99 });
    sender.setWindow(0, 100, 1);
    expect(sender).to.include({ isBlocked: false, mayFinish: true });
  });

  it('noteWindow() takes scaled windows of what is newer, and of what acknowledges more', () => {
    const sender = senderOf(1);
    sender.shift = 2;
    const windows = [
      [10, 100, 5, false],
      [9, 100, 6, false],
      [10, 99, 7, false],
      [10, 100, 8, false],
      [9, 100, 9, true],
    ] as const;
    const found = windows.map(([sequence, acknowledgment, window, isNew]) => {
      sender.noteWindow(sequence, acknowledgment, window, isNew);
      return sender.window;
    });
    expect(found).to.deep.equal([20, 20, 20, 32, 36]);
  });

  it('noteDuplicate() asks for one retransmission until what was under way is acknowledged', () => {
    const sender = senderOf(100);
    sender.write(text('abcdefgh'), []);
    drain(sender);
    const asked = [1, 2, 3, 4, 5, 6].map(() => sender.noteDuplicate());
    expect(asked).to.deep.equal([false, false, true, false, false, false]);
    sender.queue.acknowledge(104);
    expect(sender.noteProgress()).to.equal(true);
    sender.queue.acknowledge(108);
    expect(sender.noteProgress()).to.equal(false);
  });
});
