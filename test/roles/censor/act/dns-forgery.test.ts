import { expect } from 'chai';
import type { CensorAction, DnsAction } from '../../../../src/model/censor-action.ts';
import { DNS_TYPE, parseDns } from '../../../../src/wire/dns.ts';
import {
  DNS,
  Playbook,
  RESET,
  V4,
  V6,
  clientData,
  datagram,
  handshake,
  query,
  rule,
  text,
} from '../playbook.ts';

const resolver = { ...V4, serverPort: 53 };

const POISON: DnsAction = {
  ...DNS,
  pool: ['192.0.2.1', '192.0.2.2', '2001:db8::bad'],
  recordTtl: { from: 'fixed', value: 60 },
  authoritative: true,
};

function open(book: Playbook, ends = V4, mss = 1460): void {
  for (const packet of handshake(ends, mss)) expect(book.judge(packet)).to.equal('pass');
}

const namesRule = (action: CensorAction) =>
  rule([{ field: 'dns.qname', names: ['*.blocked.example', 'blocked.example'] }], action);

describe('roles/censor/dns-forgery', () => {
  for (const [ends, type, pool] of [
    [resolver, DNS_TYPE.A, ['192.0.2.1', '192.0.2.2']],
    [{ ...V6, serverPort: 53 }, DNS_TYPE.AAAA, ['2001:db8::bad']],
  ] as const)
    it(`perform() answers type ${type} from the pool, over ${ends.client}`, () => {
      const book = new Playbook([namesRule(POISON)]);
      expect(book.judge(datagram(ends, query('wWw.Blocked.example', type, 99)))).to.equal('drop');
      const [answer] = book.emitted;
      expect(answer?.packet.ip).to.include({ source: ends.server, destination: ends.client });
      expect(answer?.packet.udp).to.deep.equal({
        sourcePort: 53,
        destinationPort: 40_000,
        checksum: 'valid',
      });
      const message = parseDns(answer?.packet.payload ?? text(''));
      if (!message.ok) throw new Error(message.error);
      expect(message.value).to.include({ id: 99, isResponse: true, authoritative: true, rcode: 0 });
      expect(message.value.questions[0]?.spelling).to.equal('wWw.Blocked.example');
      expect(message.value.answers[0]?.ttl).to.equal(60);
      expect(pool).to.include(message.value.answers[0]?.value);
      expect(book.actions()).to.deep.equal(['dns']);
    });

  it('perform() races: the query passes and the answer comes later', () => {
    const book = new Playbook([
      namesRule({ ...POISON, dropTrigger: false, delay: [2, 2], rcode: 'NXDOMAIN' }),
    ]);
    expect(book.judge(datagram(resolver, query('blocked.example')))).to.equal('pass');
    expect(book.emitted[0]).to.include({ at: 2000, origin: 'injected' });
    const message = parseDns(book.emitted[0]?.packet.payload ?? text(''));
    expect(message.ok && message.value.rcode).to.equal(3);
    expect(message.ok && message.value.answers).to.deep.equal([]);
  });

  it('perform() gives a type without address an answer without records', () => {
    const book = new Playbook([namesRule(POISON)]);
    book.judge(datagram(resolver, query('blocked.example', DNS_TYPE.TXT)));
    const message = parseDns(book.emitted[0]?.packet.payload ?? text(''));
    expect(message.ok && message.value.answers).to.deep.equal([]);
  });

  it('perform() decides each query of a socket by itself', () => {
    const book = new Playbook([namesRule(POISON)]);
    const names = ['fine.example', 'blocked.example', 'fine.example', 'x.blocked.example'];
    const dispositions = names.map((name) => book.judge(datagram(resolver, query(name))));
    expect(dispositions).to.deep.equal(['pass', 'drop', 'pass', 'drop']);
    expect(book.actions()).to.deep.equal(['dns', 'dns']);
  });

  it('judge() asks for name and type of one question', () => {
    const book = new Playbook([
      rule(
        [
          { field: 'dns.qname', names: ['blocked.example'] },
          { field: 'dns.qtype', ranges: [[DNS_TYPE.AAAA, DNS_TYPE.AAAA]] },
        ],
        POISON,
      ),
    ]);
    expect(book.judge(datagram(resolver, query('blocked.example', 1)))).to.equal('pass');
    expect(book.judge(datagram(resolver, query('blocked.example', 28)))).to.equal('drop');
  });

  it('perform() leaves queries over TCP alone, which other actions read too', () => {
    const message = query('blocked.example');
    const framed = Uint8Array.from([0, message.length, ...message]);
    for (const [action, wish] of [
      [POISON, 'pass'],
      [RESET, 'drop'],
    ] as const) {
      const book = new Playbook([namesRule(action)]);
      open(book, resolver);
      expect(book.judge(clientData(resolver, framed.subarray(0, 9)))).to.equal('pass');
      expect(book.judge(clientData(resolver, framed.subarray(9), 9))).to.equal(wish);
    }
  });
});
