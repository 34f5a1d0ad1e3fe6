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
  hostRule,
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

  it('find() keys by the client alone: any server, no other client', () => {
    const book = new Playbook([sniRule(RESET, { residual: { ...residual, key: '1-tuple' } })]);
    fire(book);
    expect(book.judge(syn({ ...V4, server: '10.9.9.9', serverPort: 80 }))).to.equal('drop');
    expect(book.judge(syn({ ...V4, client: '10.0.0.3' }))).to.equal('pass');
  });

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

  it('add() draws how long a block holds within its span', () => {
    const span = { ...residual, for: { low: 120_000, high: 180_000 } };
    const book = new Playbook([sniRule(RESET, { residual: span })]);
    fire(book);
    book.wait(119_000);
    expect(book.judge(syn({ ...V4, clientPort: 1 }))).to.equal('drop');
    book.wait(62_000);
    expect(book.judge(syn({ ...V4, clientPort: 2 }))).to.equal('pass');
  });

  it('find() holds for its share of later flows, decided once a flow', () => {
    const book = new Playbook([sniRule(RESET, { residual: { ...residual, probability: 0.5 } })]);
    fire(book);
    let dropped = 0;
    for (let clientPort = 1; clientPort <= 400; clientPort += 1) {
      const ends = { ...V4, clientPort };
      const first = book.judge(syn(ends));
      expect(book.judge(syn(ends))).to.equal(first);
      if (first === 'drop') dropped += 1;
    }
    expect(dropped).to.be.within(160, 240);
  });

  it('applyResidual() begins with the effects of its rule, and the trigger passes', () => {
    const actions = [{ ...DROP, direction: 'forward' }] as const;
    const book = new Playbook([
      sniRule(DROP, {
        engageAfter: { low: 110, high: 110 },
        residual: { ...residual, for: { low: 1000, high: 1000 }, actions, existing: true },
      }),
    ]);
    open(book);
    const other = { ...V4, clientPort: 40_001 };
    expect(book.judge(clientData(V4, BLOCKED))).to.equal('pass');
    book.wait(109);
    expect(book.judge(clientData(V4, text('x'), BLOCKED.length))).to.equal('pass');
    expect(book.judge(syn(other))).to.equal('pass');
    book.wait(1);
    expect(book.judge(clientData(V4, text('y'), BLOCKED.length + 1))).to.equal('drop');
    expect(book.judge(syn(other))).to.equal('drop');
    book.wait(1001);
    expect(book.judge(syn(other))).to.equal('pass');
  });

  it('judge() hears what a flow says before the block that it falls under begins', () => {
    const engageAfter = { low: 1000, high: 1000 };
    const book = new Playbook([sniRule(DROP, { engageAfter, residual }), hostRule(RESET)]);
    fire(book);
    const other = { ...V4, clientPort: 40_001 };
    open(book, other);
    expect(book.judge(clientData(other, request('blocked.example')))).to.equal('drop');
    const third = { ...V4, clientPort: 40_002 };
    open(book, third);
    book.wait(1000);
    expect(book.judge(clientData(third, text('x')))).to.equal('drop');
  });

  it('successor() goes on with a block that was laid again', () => {
    const book = new Playbook([sniRule(RESET, { residual: { ...residual, actions: [DROP] } })]);
    const before = { ...V4, clientPort: 40_002 };
    open(book, before);
    fire(book);
    const under = { ...V4, clientPort: 40_001 };
    expect(book.judge(syn(under))).to.equal('drop');
    book.wait(60_000);
    // It was there, so the block spares it: its hello lays the block again.
    expect(book.judge(clientData(before, BLOCKED))).to.equal('drop');
    book.wait(60_000);
    expect(book.judge(syn(under))).to.equal('drop');
    book.wait(60_000);
    expect(book.judge(syn(under))).to.equal('pass');
  });

  it('perform() lets what it injects leave when it engages', () => {
    const book = new Playbook([
      sniRule({ ...RESET, delay: 5 }, { engageAfter: { low: 100, high: 100 } }),
    ]);
    open(book);
    expect(book.judge(clientData(V4, BLOCKED))).to.equal('pass');
    expect(book.emitted.map(({ at }) => at)).to.deep.equal([105_000, 105_000]);
    // The trigger passes, so what the server expects next lies behind it.
    expect(book.emitted[1]?.packet.tcp?.sequence).to.equal(1001 + BLOCKED.length);
  });

  it('applyResidual() treats packets only while the block holds', () => {
    const lose: CensorAction = { kind: 'lose', share: 1, direction: 'both', scope: 'flow' };
    const slow: CensorAction = { kind: 'delay', by: [50, 50], direction: 'both', scope: 'flow' };
    for (const [action, wish] of [
      [lose, 'drop'],
      [slow, 'taken'],
    ] as const) {
      const book = new Playbook([sniRule(RESET, { residual: { ...residual, actions: [action] } })]);
      fire(book);
      const later = { ...V4, clientPort: 40_001 };
      expect(book.judge(syn(later))).to.equal(wish);
      book.wait(90_001);
      expect(book.judge(syn(later))).to.equal('pass');
    }
  });

  it('applyResidual() redirects flows that begin under it', () => {
    const away: CensorAction = { kind: 'redirect', to: ['10.0.0.9'], port: null };
    const book = new Playbook([sniRule(RESET, { residual: { ...residual, actions: [away] } })]);
    fire(book);
    expect(book.judge(syn({ ...V4, clientPort: 40_001 }))).to.equal('taken');
    expect(book.emitted.at(-1)?.packet.ip.destination).to.equal('10.0.0.9');
  });

  it('applyResidual() rewrites what the server answers', () => {
    const rewrite: CensorAction = {
      ...RESET,
      mode: 'rewrite',
      direction: 'reverse',
      flags: ['RST', 'ACK'],
    };
    const book = new Playbook([sniRule(RESET, { residual: { ...residual, actions: [rewrite] } })]);
    fire(book);
    const [first, answer] = handshake({ ...V4, clientPort: 40_001 });
    expect(book.judge(first ?? text(''))).to.equal('pass');
    expect(book.judge(answer ?? text(''))).to.equal('taken');
    expect(book.lines()[0]).to.include('Flags [R.], seq 5000, ack 1001,');
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
