import { expect } from 'chai';
import { ReceiveBuffer } from '../../../../src/roles/endpoint/tcp/receive-buffer.ts';
import { text } from './playbook.ts';

function bufferOf(capacity: number, next = 0): ReceiveBuffer {
  const buffer = new ReceiveBuffer(capacity);
  buffer.next = next;
  return buffer;
}

const words = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

describe('roles/endpoint/tcp/receive-buffer', () => {
  it('add() gives how many bytes came in order, and read() gives them', () => {
    const buffer = bufferOf(100, 0xffff_fffe);
    expect(buffer.add(2, text('ef'))).to.equal(0);
    expect(buffer.hasGap).to.equal(true);
    expect(buffer.add(0xffff_fffe, text('abcd'))).to.equal(6);
    expect(buffer).to.include({ next: 4, available: 6, window: 94, hasGap: false });
    expect(words(buffer.read(4))).to.equal('abcd');
    expect(buffer.available).to.equal(2);
    expect(words(buffer.read())).to.equal('ef');
    expect(buffer.read()).to.have.length(0);
  });

  it('add() takes nothing twice and nothing beyond the window', () => {
    const buffer = bufferOf(4);
    expect(buffer.add(0, text('ab'))).to.equal(2);
    expect(buffer.add(0, text('xxcdef'))).to.equal(2);
    expect(buffer.add(0, text('xx'))).to.equal(0);
    expect(buffer.add(4, text('e'))).to.equal(0);
    expect(buffer.add(9, text('j'))).to.equal(0);
    expect(buffer).to.include({ window: 0, hasGap: false });
    expect(words(buffer.read())).to.equal('abcd');
  });

  it('add() copies what it keeps', () => {
    const buffer = bufferOf(10);
    const memory = text('abc');
    buffer.add(0, memory);
    memory.fill(0);
    expect(words(buffer.read())).to.equal('abc');
  });

  it('blocks() joins neighbours and begins with the newest', () => {
    const buffer = bufferOf(100);
    for (const at of [10, 20, 12]) buffer.add(at, text('xx'));
    expect(buffer.blocks()).to.deep.equal([
      { left: 10, right: 14 },
      { left: 20, right: 22 },
    ]);
    buffer.add(30, text('x'));
    expect(buffer.blocks()[0]).to.deep.equal({ left: 30, right: 31 });
  });
});
