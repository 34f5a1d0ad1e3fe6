import { expect } from 'chai';
import fc from 'fast-check';
import { answerDnsQuery } from '../../src/traffic/dns-server.ts';
import { createZone } from '../../src/traffic/dns-zone.ts';
import { DNS_TYPE, buildDnsQuery, emitDns, parseDns } from '../../src/wire/dns.ts';
import type { DnsMessage } from '../../src/wire/dns.ts';

const zone = createZone(
  [
    { name: 'a.example', type: 'A', value: '10.0.0.1' },
    ...Array.from({ length: 10 }, (_, index) => ({
      name: 'big.example',
      type: 'TXT' as const,
      value: String(index).repeat(100),
    })),
  ],
  60,
);

function query(name: string, type: number, change: Partial<DnsMessage> = {}): Uint8Array {
  const plain = buildDnsQuery(99, name, type);
  const parsed = plain.ok ? parseDns(plain.value) : plain;
  const changed = parsed.ok ? emitDns({ ...parsed.value, ...change }) : parsed;
  if (!changed.ok) throw new Error(changed.error);
  return changed.value;
}

function ask(bytes: Uint8Array, transport: 'udp' | 'tcp' = 'udp'): DnsMessage {
  const answer = answerDnsQuery(zone, bytes, transport);
  const parsed = answer ? parseDns(answer) : undefined;
  if (!parsed?.ok) throw new Error('No answer');
  return parsed.value;
}

const opt = (size: number): DnsMessage['additionals'] => [
  { name: '', type: DNS_TYPE.OPT, class: size, ttl: 0, value: '' },
];

describe('traffic/dns-server answerDnsQuery()', () => {
  it('answers a question with its records', () => {
    const found = ask(query('a.example', DNS_TYPE.A));
    expect(found).to.include({ id: 99, isResponse: true, rcode: 0, truncated: false });
    expect(found.answers.map((record) => record.value)).to.deep.equal(['10.0.0.1']);
    expect(found.additionals).to.deep.equal([]);
  });

  it('answers EDNS with EDNS', () => {
    const found = ask(query('a.example', DNS_TYPE.A, { additionals: opt(1232) }));
    expect(found.additionals.map((record) => record.type)).to.deep.equal([DNS_TYPE.OPT]);
  });

  it('truncates what is longer than the asker takes', () => {
    const big = query('big.example', DNS_TYPE.TXT);
    expect(ask(big)).to.include({ truncated: true });
    expect(ask(big).answers).to.deep.equal([]);
    expect(ask(big, 'tcp').answers).to.have.lengthOf(10);
    const wide = ask(query('big.example', DNS_TYPE.TXT, { additionals: opt(4096) }));
    expect(wide.answers).to.have.lengthOf(10);
  });

  it('refuses what it does not know how to do', () => {
    expect(ask(query('a.example', DNS_TYPE.A, { opcode: 5 })).rcode).to.equal(4);
    expect(ask(query('a.example', DNS_TYPE.A, { questions: [] })).rcode).to.equal(1);
  });

  it('stays silent to responses and to what is no DNS', () => {
    const response = query('a.example', DNS_TYPE.A, { isResponse: true });
    expect(answerDnsQuery(zone, response, 'udp')).to.equal(null);
    expect(answerDnsQuery(zone, Uint8Array.of(1, 2, 3), 'udp')).to.equal(null);
  });

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        answerDnsQuery(zone, bytes, 'udp');
      }),
    );
  });
});
