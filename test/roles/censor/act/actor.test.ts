import { expect } from 'chai';
import type { CensorAction, DropAction, ResetAction } from '../../../../src/model/censor-action.ts';
import type { CensorRule } from '../../../../src/model/censor.ts';
import { TCP_FLAG } from '../../../../src/wire/tcp.ts';
import {
  DROP,
  Playbook,
  RESET,
  THROTTLE,
  V4,
  V6,
  clientData,
  fromServer,
  handshake,
  hello,
  rule,
  serverData,
  sniRule,
  text,
} from '../playbook.ts';

const { ACK } = TCP_FLAG;
const BLOCKED = hello('blocked.example');
const SENT = BLOCKED.length;

function open(book: Playbook, ends = V4): void {
  for (const packet of handshake(ends)) expect(book.judge(packet)).to.equal('pass');
}

function fire(book: Playbook, ends = V4): string {
  open(book, ends);
  return book.judge(clientData(ends, BLOCKED));
}

const several = (...actions: CensorAction[]): CensorRule => ({ ...sniRule(DROP), actions });

const TAKE_OVER: ResetAction = {
  ...RESET,
  mode: 'rewrite',
  direction: 'reverse',
  flags: ['RST', 'ACK'],
};

describe('roles/censor/actor', () => {
  it('act() lets so many packets of a dropped flow pass, the trigger included, and then none', () => {
    const after = { packets: [5, 8], bytes: null } as const;
    const book = new Playbook([sniRule({ ...DROP, after })]);
    const dispositions = [fire(book)];
    for (let count = 0; count < 20; count += 1)
      dispositions.push(book.judge(serverData(V4, text('x'), count, 1001 + SENT)));
    const passed = dispositions.filter((disposition) => disposition === 'pass').length;
    expect(passed).to.be.within(5, 8);
    expect(dispositions.lastIndexOf('pass')).to.equal(passed - 1);
  });

  it('act() freezes a flow after so many bytes of payload in its direction', () => {
    const after = { packets: null, bytes: [16_384, 16_384] } as const;
    const book = new Playbook([sniRule({ ...DROP, direction: 'reverse', after })]);
    expect(fire(book)).to.equal('pass');
    const answers = Array.from({ length: 20 }, (_, index) =>
      book.judge(serverData(V4, new Uint8Array(1000), index * 1000, 1001 + SENT)),
    );
    expect(answers.lastIndexOf('pass')).to.equal(15);
    expect(answers.indexOf('drop')).to.equal(16);
    // Even a bare acknowledgment of the server's stays out, while the client's pass.
    const ack = { sequence: 21_001, acknowledgment: 1001 + SENT, flags: ACK };
    expect(book.judge(fromServer(V4, ack))).to.equal('drop');
    expect(book.judge(clientData(V4, text('x'), SENT))).to.equal('pass');
  });

  it('act() shapes resets: count, offsets in turn, sources of numbers, payload, delay and gap', () => {
    const book = new Playbook([
      sniRule({
        ...RESET,
        sides: 'client',
        count: 3,
        flags: ['RST', 'PSH', 'ACK'],
        offsets: [0, 1460, 4380],
        ttl: { from: 'random', low: 32, high: 64 },
        window: { from: 'cycle', values: [1980, 1981, 1982, 5] },
        ipId: { from: 'counter', start: 7 },
        payload: '01 02',
        delay: 2,
        gap: 1,
      }),
    ]);
    fire(book);
    const first = book.emitted;
    expect(first.map(({ packet }) => packet.tcp?.sequence)).to.deep.equal([5001, 6461, 9381]);
    expect(first.map(({ packet }) => packet.tcp?.window)).to.deep.equal([1980, 1981, 1982]);
    expect(first.map(({ bytes }) => bytes[5])).to.deep.equal([7, 8, 9]);
    expect(first.map(({ at }) => at)).to.deep.equal([2000, 3000, 4000]);
    for (const { packet } of first) {
      expect(packet.tcp?.flags).to.equal(TCP_FLAG.RST | TCP_FLAG.PSH | ACK);
      expect(packet.ip.ttl).to.be.within(32, 64);
      expect([...packet.payload]).to.deep.equal([1, 2]);
    }
    book.emitted = [];
    fire(book, { ...V4, clientPort: 40_001 });
    expect(book.emitted.map(({ packet }) => packet.tcp?.window)).to.deep.equal([5, 1980, 1981]);
  });

  it('act() resets once where a rule does not repeat', () => {
    const book = new Playbook([sniRule({ ...RESET, repeat: false, dropTrigger: false })]);
    fire(book);
    expect(book.lines()).to.have.length(2);
    expect(book.judge(clientData(V4, text('x'), SENT))).to.equal('pass');
    expect(book.lines()).to.have.length(0);
  });

  for (const ends of [V4, V6])
    it(`act() turns what the server sends into resets that its client takes, over ${ends.client}`, () => {
      const book = new Playbook([sniRule(TAKE_OVER)]);
      expect(fire(book, ends)).to.equal('pass');
      expect(book.judge(serverData(ends, text('hello'), 0, 1001 + SENT))).to.equal('taken');
      const [taken] = book.emitted;
      expect(taken).to.include({ origin: 'forwarded', at: 0 });
      expect(taken?.packet.ip).to.include({ source: ends.server, destination: ends.client });
      // RFC 5961 section 3.2: exactly what the client expects next.
      expect(taken?.packet.tcp).to.include({
        sequence: 5001,
        acknowledgment: 1001 + SENT,
        flags: TCP_FLAG.RST | ACK,
        checksum: 'valid',
      });
      expect(taken?.packet.payload).to.have.length(0);
    });

  it('act() turns a SYN+ACK into the RST+ACK that SYN-SENT takes', () => {
    const book = new Playbook([
      rule([{ field: 'tcp.flags', set: ['SYN', 'ACK'], clear: [] }], TAKE_OVER),
    ]);
    const [syn, synAck] = handshake(V4);
    book.judge(syn ?? text(''));
    expect(book.judge(synAck ?? text(''))).to.equal('taken');
    expect(book.lines()).to.deep.equal([
      'IP 10.0.0.2.443 > 10.0.0.1.40000: Flags [R.], seq 5000, ack 1001, win 0, length 0',
    ]);
  });

  it('act() does several actions of one rule in one firing', () => {
    const slow = { ...THROTTLE, direction: 'forward' } as const;
    const hole: DropAction = { ...DROP, direction: 'reverse' };
    const book = new Playbook([several(slow, { ...RESET, dropTrigger: false }, hole)]);
    expect(fire(book)).to.equal('pass');
    expect(book.lines()).to.have.length(2);
    expect(book.judge(serverData(V4, text('x'), 0, 1001 + SENT))).to.equal('drop');
    expect(book.judge(clientData(V4, text('x'), SENT))).to.equal('pass');
    expect(book.lines()).to.have.length(2);
    expect(book.actions()).to.deep.equal(['throttle', 'reset', 'drop']);
  });

  it('act() adds to what is said but holds nothing when it is on-path', () => {
    const lose: CensorAction = { kind: 'lose', share: 1, direction: 'both', scope: 'flow' };
    const book = new Playbook([several(lose, DROP, TAKE_OVER, RESET)], { position: 'on-path' });
    expect(fire(book)).to.equal('pass');
    expect(book.lines()).to.have.length(2);
    expect(book.judge(serverData(V4, text('x'), 0, 1001 + SENT))).to.equal('pass');
  });

  it('act() shares a rule’s rate among its flows', () => {
    const shared = { ...THROTTLE, per: 'rule', burst: 1500, direction: 'reverse' } as const;
    const passed = (action: CensorAction): number => {
      const book = new Playbook([sniRule(action)]);
      let count = 0;
      for (const clientPort of [1, 2, 3, 4]) {
        const ends = { ...V4, clientPort };
        fire(book, ends);
        const answer = serverData(ends, new Uint8Array(1000), 0, 1001 + SENT);
        if (book.judge(answer) === 'pass') count += 1;
      }
      return count;
    };
    expect(passed(shared)).to.equal(1);
    expect(passed({ ...shared, per: 'flow' })).to.equal(4);
  });

  it('act() delays a packet by itself and lets none of its flow overtake it', () => {
    const book = new Playbook([
      sniRule({ kind: 'delay', by: [200, 200], direction: 'both', scope: 'packet' }),
    ]);
    expect(fire(book)).to.equal('taken');
    expect(book.judge(clientData(V4, text('x'), SENT))).to.equal('taken');
    expect(book.emitted.map(({ at, origin }) => [at, origin])).to.deep.equal([
      [200_000, 'forwarded'],
      [200_000, 'forwarded'],
    ]);
    book.wait(300);
    expect(book.judge(clientData(V4, text('y'), SENT + 1))).to.equal('pass');
  });

  it('act() leaves an intercepted flow alone and takes its rules off it', () => {
    const intercept = { kind: 'mitm', authority: 'own', log: true } as const;
    const book = new Playbook([sniRule(intercept), sniRule(DROP)]);
    expect(fire(book)).to.equal('pass');
    expect(book.judge(clientData(V4, BLOCKED, SENT))).to.equal('pass');
    expect(book.actions()).to.deep.equal(['mitm']);
  });

  it('keeps words that were dropped from the server however they are sent again', () => {
    const book = new Playbook([sniRule({ ...DROP, scope: 'packet' })]);
    for (const packet of handshake(V4)) book.judge(packet);
    const words = hello('blocked.example');
    expect(book.judge(clientData(V4, words))).to.equal('drop');
    expect(book.judge(clientData(V4, words))).to.equal('drop');
    expect(book.judge(clientData(V4, words.slice(0, 20)))).to.equal('drop');
    expect(book.judge(clientData(V4, words.slice(20), 20))).to.equal('drop');
    expect(book.judge(clientData(V4, text('more'), words.length))).to.equal('pass');
    expect(book.actions()).to.deep.equal(['drop']);
  });

  it('sends a reset for the receiver behind a trigger that passes', () => {
    const book = new Playbook([sniRule({ ...RESET, dropTrigger: false })]);
    for (const packet of handshake(V4)) book.judge(packet);
    const words = hello('blocked.example');
    expect(book.judge(clientData(V4, words))).to.equal('pass');
    const [toClient, toServer] = book.emitted;
    expect(toClient?.at).to.equal(0);
    expect(toServer?.at).to.be.above(0);
    expect(toServer?.packet.tcp?.sequence).to.equal(1001 + words.length);
  });
});
