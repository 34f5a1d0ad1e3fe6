import { expect } from 'chai';
import type { CensorAction } from '../../../../src/model/censor-action.ts';
import { TCP_FLAG } from '../../../../src/wire/tcp.ts';
import {
  DROP,
  PAGE,
  Playbook,
  RESET,
  V4,
  clientData,
  datagram,
  fromClient,
  handshake,
  hello,
  query,
  request,
  sniRule,
  text,
} from '../playbook.ts';

const { ACK, SYN } = TCP_FLAG;
const BLOCKED = hello('blocked.example');

function open(book: Playbook, ends = V4, mss = 1460): void {
  for (const packet of handshake(ends, mss)) expect(book.judge(packet)).to.equal('pass');
}

describe('roles/censor/residual', () => {
  const residual = {
    key: '3-tuple',
    for: { low: 90_000, high: 90_000 },
    refresh: false,
    existing: false,
    actions: [],
    probability: 1,
  } as const;
  const syn = (ends = V4): Uint8Array => fromClient(ends, { sequence: 9000, flags: SYN });

  function fire(book: Playbook): void {
    open(book);
    book.judge(clientData(V4, BLOCKED));
    book.lines();
    book.events = [];
  }

  it('applyResidual() resets later flows to the same server port, until the time is over', () => {
    const book = new Playbook([sniRule(RESET, { residual })]);
    fire(book);
    const later = { ...V4, clientPort: 40_001 };
    expect(book.judge(syn(later))).to.equal('drop');
    expect(book.lines()).to.deep.equal([
      'IP 10.0.0.2.443 > 10.0.0.1.40001: Flags [R.], seq 0, ack 9001, win 0, length 0',
    ]);
    expect(book.actions()).to.deep.equal(['residual']);
    book.wait(90_001);
    expect(book.judge(syn({ ...V4, clientPort: 40_002 }))).to.equal('pass');
    // A flow that fell under the block is judged by the rules again once it is over.
    expect(book.judge(syn(later))).to.equal('pass');
  });

  const keys = [
    ['2-tuple', 'drop', 'drop', 'drop'],
    ['3-tuple', 'drop', 'drop', 'pass'],
    ['4-tuple', 'drop', 'pass', 'pass'],
  ] as const;
  for (const [key, same, otherClientPort, otherServerPort] of keys)
    it(`find() keys by ${key}`, () => {
      const judgeSyn = (ends: typeof V4): string => {
        const book = new Playbook([sniRule(RESET, { residual: { ...residual, key } })]);
        fire(book);
        return book.judge(syn(ends));
      };
      expect(judgeSyn(V4)).to.equal(same);
      expect(judgeSyn({ ...V4, clientPort: 5 })).to.equal(otherClientPort);
      expect(judgeSyn({ ...V4, serverPort: 80 })).to.equal(otherServerPort);
      expect(judgeSyn({ ...V4, server: '10.0.0.9' })).to.equal('pass');
      expect(judgeSyn({ ...V4, client: V4.server, server: V4.client })).to.equal('pass');
    });

  for (const [refresh, wish] of [
    [false, 'pass'],
    [true, 'drop'],
  ] as const)
    it(`applyResidual() ${refresh ? 'starts' : 'does not start'} the time anew`, () => {
      const book = new Playbook([sniRule(RESET, { residual: { ...residual, refresh } })]);
      fire(book);
      book.wait(60_000);
      expect(book.judge(syn())).to.equal('drop');
      book.wait(60_000);
      expect(book.judge(syn())).to.equal(wish);
    });

  for (const [existing, wish] of [
    [false, 'pass'],
    [true, 'drop'],
  ] as const)
    it(`find() ${existing ? 'covers' : 'spares'} flows that were there`, () => {
      const book = new Playbook([sniRule(RESET, { residual: { ...residual, existing } })]);
      const other = { ...V4, clientPort: 40_001 };
      open(book, other);
      book.judge(clientData(other, hello('fine.example')));
      fire(book);
      const sent = hello('fine.example').length;
      expect(book.judge(clientData(other, text('x'), sent))).to.equal(wish);
      if (existing) expect(book.lines()[1]).to.include(`seq ${1001 + sent},`);
    });

  it('applyResidual() takes the action of its own', () => {
    const action: CensorAction = { ...DROP, direction: 'forward' };
    const book = new Playbook([sniRule(RESET, { residual: { ...residual, actions: [action] } })]);
    fire(book);
    expect(book.judge(syn())).to.equal('drop');
    expect(book.lines()).to.have.length(0);
  });

  it('applyResidual() shows the page once there is a request', () => {
    const book = new Playbook([sniRule(RESET, { residual: { ...residual, actions: [PAGE] } })]);
    fire(book);
    const later = { ...V4, clientPort: 40_001 };
    open(book, later);
    expect(book.judge(clientData(later, request('any.example')))).to.equal('drop');
    expect(book.emitted.length).to.be.greaterThan(1);
  });

  it('judge() leaves DNS alone where a block covers another protocol’s port', () => {
    const book = new Playbook([sniRule(RESET, { residual })]);
    fire(book);
    expect(book.judge(datagram(V4, query('fine.example')))).to.equal('pass');
  });

  it('continueStanding() ends with its connection', () => {
    const book = new Playbook([sniRule(RESET)]);
    fire(book);
    const again = fromClient(V4, { sequence: 90_000, flags: SYN });
    expect(book.judge(again)).to.equal('pass');
    const ack = fromClient(V4, { sequence: 90_001, acknowledgment: 1, flags: ACK });
    expect(book.judge(ack)).to.equal('pass');
  });
});
