import { expect } from 'chai';
import type { CensorAction } from '../../../../src/model/censor-action.ts';
import { buildIcmp } from '../../../../src/wire/build.ts';
import { TCP_FLAG } from '../../../../src/wire/tcp.ts';
import {
  DROP,
  Playbook,
  RESET,
  V4,
  V6,
  clientData,
  fromClient,
  handshake,
  hello,
  ip,
  rule,
  serverData,
  sniRule,
  text,
} from '../playbook.ts';

const { ACK, FIN } = TCP_FLAG;
const BLOCKED = hello('blocked.example');

function open(book: Playbook, ends = V4, mss = 1460): void {
  for (const packet of handshake(ends, mss)) expect(book.judge(packet)).to.equal('pass');
}

describe('roles/censor/rule', () => {
  it('judge() lets the first rule that matches decide', () => {
    const allow: CensorAction = { kind: 'allow' };
    const exempt = rule([{ field: 'ip.src', prefixes: ['10.0.0.1/32'] }], allow, {
      name: 'exempt',
    });
    const book = new Playbook([exempt, sniRule(RESET)]);
    open(book);
    expect(book.judge(clientData(V4, BLOCKED))).to.equal('pass');
    expect(book.actions()).to.deep.equal(['allow']);
    const other = { ...V4, client: '10.0.0.4' };
    open(book, other);
    expect(book.judge(clientData(other, BLOCKED))).to.equal('drop');
  });

  it('judge() asks for all conditions of a rule', () => {
    const both = rule(
      [
        { field: 'tls.sni', names: ['*'] },
        { field: 'tcp.dstport', ranges: [[8000, 8100]] },
        { field: 'ip.version', ranges: [[6, 6]] },
      ],
      RESET,
    );
    for (const [ends, wish] of [
      [V6, 'pass'],
      [{ ...V4, serverPort: 8050 }, 'pass'],
      [{ ...V6, serverPort: 8050 }, 'drop'],
    ] as const) {
      const book = new Playbook([both]);
      open(book, ends);
      expect(book.judge(clientData(ends, BLOCKED)), JSON.stringify(ends)).to.equal(wish);
    }
  });

  const directions = [
    ['both', 'drop', 'drop'],
    ['forward', 'drop', 'pass'],
    ['reverse', 'pass', 'drop'],
  ] as const;
  for (const [direction, forward, reverse] of directions)
    it(`judge() drops the flow from the match on: ${direction}`, () => {
      const book = new Playbook([sniRule({ ...DROP, direction })]);
      open(book);
      expect(book.judge(clientData(V4, BLOCKED))).to.equal(forward);
      expect(book.judge(clientData(V4, text('x'), 900))).to.equal(forward);
      expect(book.judge(serverData(V4, text('x')))).to.equal(reverse);
      expect(book.actions()).to.deep.equal(['drop']);
    });

  it('judge() drops single packets by their flags', () => {
    const fins = rule([{ field: 'tcp.flags', set: ['FIN'], clear: ['RST'] }], {
      ...DROP,
      scope: 'packet',
    });
    const book = new Playbook([fins]);
    open(book);
    const fin = fromClient(V4, { sequence: 1001, acknowledgment: 5001, flags: FIN | ACK });
    expect(book.judge(fin)).to.equal('drop');
    expect(book.judge(clientData(V4, text('x')))).to.equal('pass');
    expect(book.judge(fin)).to.equal('drop');
    expect(book.actions()).to.deep.equal(['drop']);
  });

  it('judge() draws once for each flow and the same on every run', () => {
    const run = (seed: number): string => {
      const book = new Playbook([sniRule(RESET, { probability: 0.5 })], { seed });
      let drops = '';
      for (let flow = 0; flow < 200; flow += 1) {
        const ends = { ...V4, clientPort: 1024 + ((flow * 7919) % 60_000) };
        open(book, ends);
        drops += book.judge(clientData(ends, BLOCKED)) === 'drop' ? '1' : '0';
      }
      return drops;
    };
    expect(run(1)).to.equal(run(1));
    expect(run(1)).not.to.equal(run(2));
    expect(run(1).replaceAll('0', '').length).to.be.within(70, 130);
  });

  it('judge() passes other protocols and matches them when asked', () => {
    const message = { type: 8, code: 0, id: 1, sequence: 1, data: text('ping') };
    const echo = buildIcmp({ source: ip(V4.client), destination: ip(V4.server) }, message);
    expect(new Playbook([sniRule(RESET), rule([], RESET)]).judge(echo)).to.equal('pass');
    const book = new Playbook([rule([{ field: 'ip.proto', ranges: [[1, 1]] }], DROP)]);
    expect(book.judge(echo)).to.equal('drop');
    expect(book.events[0]?.protocol).to.equal('icmp');
  });
});
