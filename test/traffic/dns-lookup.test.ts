import { expect } from 'chai';
import fc from 'fast-check';
import {
  isConflicting,
  lookupOutcome,
  lookupQuery,
  readLookupAnswer,
} from '../../src/traffic/dns-lookup.ts';
import type { Lookup } from '../../src/traffic/dns-lookup.ts';
import { DNS_TYPE, buildDnsAnswer, parseDns } from '../../src/wire/dns.ts';
import type { DnsMessage, DnsRcode } from '../../src/wire/dns.ts';

const LOOKUP: Lookup = { id: 7, qname: 'A.example', qtype: 'A', expectAnswers: [] };

function answerTo(
  lookup: Lookup,
  values: readonly string[],
  rcode: DnsRcode = 'NOERROR',
): Uint8Array {
  const query = lookupQuery(lookup);
  const parsed = query.ok ? parseDns(query.value) : query;
  if (!parsed.ok) throw new Error(parsed.error);
  const answer = buildDnsAnswer(parsed.value, {
    rcode,
    authoritative: true,
    recursionAvailable: true,
    answers: values.map((value) => ({
      name: 'a.example',
      type: value.includes(':') ? DNS_TYPE.AAAA : DNS_TYPE.A,
      class: 1,
      ttl: 60,
      value,
    })),
  });
  if (!answer.ok) throw new Error(answer.error);
  return answer.value;
}

function messageOf(values: readonly string[], rcode: DnsRcode = 'NOERROR'): DnsMessage {
  const answer = readLookupAnswer(LOOKUP, answerTo(LOOKUP, values, rcode));
  if (!answer.ok) throw new Error(answer.error);
  return answer.value;
}

describe('traffic/dns-lookup', () => {
  it('lookupQuery() refuses a name that has no wire form', () => {
    expect(lookupQuery({ ...LOOKUP, qname: 'x'.repeat(64) }).ok).to.equal(false);
  });

  it('readLookupAnswer() refuses the answer to another id', () => {
    const found = readLookupAnswer({ ...LOOKUP, id: 8 }, answerTo(LOOKUP, []));
    expect(found).to.deep.equal({ ok: false, error: 'The answer has id 7, the query 8' });
  });

  it('readLookupAnswer() refuses the answer to another question', () => {
    const other = answerTo({ ...LOOKUP, qtype: 'AAAA' }, []);
    expect(readLookupAnswer(LOOKUP, other).ok).to.equal(false);
  });

  it('readLookupAnswer() refuses a query', () => {
    const query = lookupQuery(LOOKUP);
    expect(query.ok && readLookupAnswer(LOOKUP, query.value).ok).to.equal(false);
  });

  it('readLookupAnswer() never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        readLookupAnswer(LOOKUP, bytes);
      }),
    );
  });

  const outcomes: readonly [
    string,
    readonly string[],
    DnsRcode,
    readonly string[],
    string | null,
  ][] = [
    ['any answer', ['10.0.0.1'], 'NOERROR', [], null],
    ['an expected answer', ['10.0.0.1'], 'NOERROR', ['10.0.0.2', '10.0.0.1'], null],
    ['an unexpected answer', ['10.0.0.9'], 'NOERROR', ['10.0.0.1'], 'dns_bogon_error'],
    [
      'one unexpected answer of two',
      ['10.0.0.1', '10.0.0.9'],
      'NOERROR',
      ['10.0.0.1'],
      'dns_bogon_error',
    ],
    ['no answer', [], 'NOERROR', [], 'dns_no_answer'],
    ['answers of another type', ['fd00::1'], 'NOERROR', [], 'dns_no_answer'],
    ['NXDOMAIN', [], 'NXDOMAIN', [], 'dns_nxdomain_error'],
    ['REFUSED', [], 'REFUSED', [], 'dns_refused_error'],
  ];
  for (const [title, values, rcode, expectAnswers, wished] of outcomes)
    it(`lookupOutcome() takes ${title} for ${wished ?? 'success'}`, () => {
      const found = lookupOutcome({ ...LOOKUP, expectAnswers }, messageOf(values, rcode));
      expect(found.failure).to.equal(wished);
    });

  it('lookupOutcome() compares addresses, not their spelling', () => {
    const lookup: Lookup = { ...LOOKUP, qtype: 'AAAA', expectAnswers: ['FD00:0::1'] };
    const message = readLookupAnswer(lookup, answerTo(lookup, ['fd00::1']));
    expect(message.ok && lookupOutcome(lookup, message.value).failure).to.equal(null);
  });

  it('isConflicting() tells different answers from the same in another order', () => {
    const outcome = (...values: string[]): ReturnType<typeof lookupOutcome> =>
      lookupOutcome(LOOKUP, messageOf(values));
    expect(
      isConflicting(outcome('10.0.0.1', '10.0.0.2'), outcome('10.0.0.2', '10.0.0.1')),
    ).to.equal(false);
    expect(isConflicting(outcome('10.0.0.1'), outcome('10.0.0.2'))).to.equal(true);
  });
});
