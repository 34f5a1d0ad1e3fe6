import { expect } from 'chai';
import {
  Playbook,
  RESET,
  V4,
  V6,
  clientData,
  fromClient,
  handshake,
  hello,
  serverData,
  sniRule,
  text,
} from '../playbook.ts';
import { TCP_FLAG } from '../../../../src/wire/tcp.ts';

const BLOCKED = hello('blocked.example');
const SENT = BLOCKED.length;
const LATE = { engageAfter: { low: 100, high: 100 } };

function fire(book: Playbook, ends = V4): void {
  for (const packet of handshake(ends)) book.judge(packet);
  expect(book.judge(clientData(ends, BLOCKED))).to.equal('pass');
  expect(book.emitted.map(({ at }) => at)).to.deep.equal([100_000, 100_000]);
  book.lines();
}

const sequences = (book: Playbook): readonly (number | undefined)[] =>
  book.emitted.map(({ packet }) => packet.tcp?.sequence);

describe('roles/censor/late-reset', () => {
  for (const ends of [V4, V6])
    for (const repeat of [true, false])
      it(`isDrawnBy() resets what has gone on at what is expected by then: ${ends.client}, repeat ${repeat}`, () => {
        const book = new Playbook([sniRule({ ...RESET, repeat }, LATE)]);
        fire(book, ends);
        book.wait(99);
        expect(book.judge(serverData(ends, text('answer'), 0, 1001 + SENT))).to.equal('pass');
        book.wait(1);
        expect(book.judge(serverData(ends, text('more'), 6, 1001 + SENT))).to.equal('drop');
        expect(sequences(book)).to.deep.equal([5007, 1001 + SENT]);
        book.emitted = [];
        expect(book.judge(serverData(ends, text('more'), 6, 1001 + SENT))).to.equal('pass');
        expect(book.judge(clientData(ends, text('x'), SENT, 5011))).to.equal(
          repeat ? 'drop' : 'pass',
        );
        expect(book.emitted).to.have.length(repeat ? 2 : 0);
      });

  it('isDrawnBy() leaves alone what has not gone on, and resets of the ends', () => {
    const book = new Playbook([sniRule({ ...RESET, repeat: false }, LATE)]);
    fire(book);
    book.wait(100);
    const { RST, ACK } = TCP_FLAG;
    book.judge(fromClient(V4, { sequence: 1001 + SENT, acknowledgment: 5001, flags: RST | ACK }));
    expect(book.judge(serverData(V4, text('x'), 0, 1001 + SENT))).to.equal('pass');
    expect(book.emitted).to.have.length(0);
  });
});
