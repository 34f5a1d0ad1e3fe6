import { expect } from 'chai';
import { TCP_FLAG } from '../../../../src/wire/tcp.ts';
import {
  Playbook,
  RESET,
  V4,
  V6,
  clientData,
  fromClient,
  handshake,
  hello,
  hostRule,
  request,
  rule,
  serverData,
  sniRule,
  text,
} from '../playbook.ts';

const { ACK, RST, SYN } = TCP_FLAG;
const BLOCKED = hello('blocked.example');

function open(book: Playbook, ends = V4, mss = 1460): void {
  for (const packet of handshake(ends, mss)) expect(book.judge(packet)).to.equal('pass');
}

describe('roles/censor/forge', () => {
  const families = [
    [V4, 'IP 10.0.0.2.443 > 10.0.0.1.40000', 'IP 10.0.0.1.40000 > 10.0.0.2.443'],
    [V6, 'IP6 fd00::2.443 > fd00::1.40000', 'IP6 fd00::1.40000 > fd00::2.443'],
  ] as const;
  for (const [ends, toClient, toServer] of families)
    it(`judge() resets both sides at exactly what each expects next, from ${ends.client}`, () => {
      const book = new Playbook([sniRule(RESET)]);
      open(book, ends);
      expect(book.judge(clientData(ends, BLOCKED))).to.equal('drop');
      expect(book.lines()).to.deep.equal([
        `${toClient}: Flags [R], seq 5001, win 0, length 0`,
        `${toServer}: Flags [R], seq 1001, win 0, length 0`,
      ]);
      expect(book.actions()).to.deep.equal(['reset']);
      expect(book.events[0]).to.include({
        action: 'match',
        rule: 'forbidden',
        detail: 'tls.sni blocked.example',
        source: ends.client,
        destinationPort: 443,
      });
    });

  it('judge() counts the trigger as received when it lets it through', () => {
    const book = new Playbook([
      sniRule({
        ...RESET,
        flags: ['RST', 'ACK'],
        dropTrigger: false,
        ttl: { from: 'fixed', value: 9 },
      }),
    ]);
    open(book);
    expect(book.judge(clientData(V4, BLOCKED))).to.equal('pass');
    const end = 1001 + BLOCKED.length;
    expect(book.emitted.map(({ packet }) => packet.ip.ttl)).to.deep.equal([9, 9]);
    expect(book.lines()).to.deep.equal([
      `IP 10.0.0.2.443 > 10.0.0.1.40000: Flags [R.], seq 5001, ack ${end}, win 0, length 0`,
      `IP 10.0.0.1.40000 > 10.0.0.2.443: Flags [R.], seq ${end}, ack 5001, win 0, length 0`,
    ]);
  });

  it('judge() treats every trigger as received when it is on-path', () => {
    const book = new Playbook([sniRule(RESET)], { position: 'on-path' });
    open(book);
    book.judge(clientData(V4, BLOCKED));
    expect(book.lines()[1]).to.include(`seq ${1001 + BLOCKED.length},`);
  });

  it('judge() resets the client beyond server data that is still in flight', () => {
    const book = new Playbook([hostRule(RESET)]);
    open(book);
    book.judge(clientData(V4, request('fine.example')));
    const sent = request('fine.example').length;
    for (const offset of [0, 1000, 2000])
      book.judge(serverData(V4, new Uint8Array(1000), offset, 1001 + sent));
    // The client has acknowledged one segment of three when it asks for the forbidden site.
    book.judge(clientData(V4, request('blocked.example'), sent, 6001));
    expect(book.lines()[0]).to.include('seq 8001,');
  });

  it('judge() resets the server at the gap when the trigger fills it and is dropped', () => {
    const book = new Playbook([sniRule(RESET)]);
    open(book);
    expect(book.judge(clientData(V4, BLOCKED.subarray(40), 40))).to.equal('pass');
    expect(book.judge(clientData(V4, BLOCKED.subarray(0, 40), 0))).to.equal('drop');
    expect(book.lines()[1]).to.include('seq 1001,');
  });

  it('judge() resets the server after what it held when the trigger fills the gap and passes', () => {
    const book = new Playbook([sniRule({ ...RESET, dropTrigger: false })]);
    open(book);
    book.judge(clientData(V4, BLOCKED.subarray(40), 40));
    book.judge(clientData(V4, BLOCKED.subarray(0, 40), 0));
    expect(book.lines()[1]).to.include(`seq ${1001 + BLOCKED.length},`);
  });

  it('judge() resets again when the client repeats the trigger, and reports once', () => {
    const book = new Playbook([sniRule(RESET)]);
    open(book);
    book.judge(clientData(V4, BLOCKED));
    book.lines();
    expect(book.judge(clientData(V4, BLOCKED))).to.equal('drop');
    expect(book.lines()).to.have.length(2);
    expect(
      book.judge(fromClient(V4, { sequence: 1001, acknowledgment: 5001, flags: ACK })),
    ).to.equal('pass');
    expect(book.judge(fromClient(V4, { sequence: 1001, acknowledgment: 0, flags: RST }))).to.equal(
      'pass',
    );
    expect(book.lines()).to.have.length(0);
    expect(book.actions()).to.deep.equal(['reset']);
  });

  const sides = [
    ['client', 3, ['10.0.0.1', '10.0.0.1', '10.0.0.1']],
    ['server', 2, ['10.0.0.2', '10.0.0.2']],
  ] as const;
  for (const [side, count, wish] of sides)
    it(`judge() sends ${count} resets to the ${side} alone`, () => {
      const book = new Playbook([sniRule({ ...RESET, sides: side, count })]);
      open(book);
      book.judge(clientData(V4, BLOCKED));
      expect(book.emitted.map(({ packet }) => packet.ip.destination)).to.deep.equal(wish);
    });

  it('judge() refuses a SYN with the acknowledgment that SYN-SENT asks for', () => {
    const book = new Playbook([rule([{ field: 'tcp.dstport', ranges: [[443, 443]] }], RESET)]);
    expect(book.judge(fromClient(V4, { sequence: 1000, flags: SYN }))).to.equal('drop');
    expect(book.lines()).to.deep.equal([
      'IP 10.0.0.2.443 > 10.0.0.1.40000: Flags [R.], seq 0, ack 1001, win 0, length 0',
    ]);
  });

  it('judge() resets both sides on a SYN+ACK', () => {
    const book = new Playbook([
      rule([{ field: 'tcp.flags', set: ['SYN', 'ACK'], clear: [] }], RESET),
    ]);
    const [syn, synAck] = handshake(V4);
    expect(book.judge(syn ?? text(''))).to.equal('pass');
    expect(book.judge(synAck ?? text(''))).to.equal('drop');
    expect(book.lines()).to.deep.equal([
      'IP 10.0.0.2.443 > 10.0.0.1.40000: Flags [R.], seq 5001, ack 1001, win 0, length 0',
      'IP 10.0.0.1.40000 > 10.0.0.2.443: Flags [R], seq 1001, win 0, length 0',
    ]);
  });
});
