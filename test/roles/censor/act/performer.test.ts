import { expect } from 'chai';
import type { CensorAction } from '../../../../src/model/censor-action.ts';
import {
  Playbook,
  RESET,
  V4,
  clientData,
  handshake,
  hello,
  rule,
  serverData,
  sniRule,
  text,
} from '../playbook.ts';

const BLOCKED = hello('blocked.example');

function open(book: Playbook, ends = V4, mss = 1460): void {
  for (const packet of handshake(ends, mss)) expect(book.judge(packet)).to.equal('pass');
}

describe('roles/censor/performer', () => {
  const throttle = (mode: 'police' | 'shape'): CensorAction => ({
    kind: 'throttle',
    mode,
    rate: 800_000,
    burst: 3000,
    direction: 'reverse',
    per: 'flow',
  });
  const segment = serverData(V4, new Uint8Array(960));

  it('admit() polices to the rate, with the burst on top', () => {
    const book = new Playbook([sniRule(throttle('police'))]);
    open(book);
    book.judge(clientData(V4, BLOCKED));
    let passed = 0;
    // 1000-byte packets at eight times the rate, for one second.
    for (let count = 0; count < 800; count += 1) {
      if (book.judge(segment) === 'pass') passed += 1;
      book.wait(1.25);
    }
    expect(passed).to.be.within(101, 103);
    expect(book.judge(clientData(V4, text('x'), BLOCKED.length))).to.equal('pass');
    expect(book.actions()).to.deep.equal(['throttle']);
  });

  it('admit() shapes to the rate in order, and drops beyond its queue', () => {
    const book = new Playbook([sniRule(throttle('shape'))]);
    open(book);
    book.judge(clientData(V4, BLOCKED));
    const dispositions = Array.from({ length: 100 }, () => book.judge(segment));
    expect(dispositions.slice(0, 5)).to.deep.equal(['pass', 'pass', 'pass', 'taken', 'taken']);
    expect(dispositions.filter((disposition) => disposition === 'taken')).to.have.length(65);
    expect(dispositions.at(-1)).to.equal('drop');
    // 1000 bytes take 10 ms at 800 kbit/s.
    expect(book.emitted.slice(0, 3).map(({ at }) => at)).to.deep.equal([10_000, 20_000, 30_000]);
    expect(book.emitted[0]).to.include({ origin: 'forwarded', bytes: book.emitted[0]?.bytes });
    expect(Buffer.compare(book.emitted[0]?.bytes ?? text(''), segment)).to.equal(0);
  });

  it('perform() leaves later rules their turn after a throttle', () => {
    const all = rule([], throttle('police'), { name: 'slow' });
    const book = new Playbook([all, sniRule(RESET)]);
    open(book);
    expect(book.judge(clientData(V4, BLOCKED))).to.equal('drop');
    expect(book.actions()).to.deep.equal(['throttle', 'reset']);
  });
});
