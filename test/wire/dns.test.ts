import { expect } from 'chai';
import fc from 'fast-check';
import {
  DNS_TYPE,
  type DnsMessage,
  buildDnsAnswer,
  buildDnsQuery,
  emitDns,
  formatRcode,
  isDnsQuery,
  parseDns,
} from '../../src/wire/dns.ts';

const hex = (text: string): Uint8Array =>
  Uint8Array.from(Buffer.from(text.replace(/\s/g, ''), 'hex'));

function value<T>(result: { ok: true; value: T } | { ok: false; error: string }): T {
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

// A query for example.com A as dig sends it, without EDNS.
const QUERY = hex('1234 0100 0001 0000 0000 0000 07 6578616d706c65 03 636f6d 00 0001 0001');
// Its answer with a compressed name: CNAME to www.example.com, then A 93.184.216.34.
const ANSWER = hex(
  `1234 8180 0001 0002 0000 0000 07 6578616d706c65 03 636f6d 00 0001 0001
   c00c 0005 0001 0000003c 0006 03 777777 c00c
   c029 0001 0001 0000003c 0004 5db8d822`,
);

describe('wire/dns', () => {
  it('parseDns() reads a query', () => {
    const message = value(parseDns(QUERY));
    expect(message.id).to.equal(0x1234);
    expect(message.isResponse).to.equal(false);
    expect(message.recursionDesired).to.equal(true);
    expect(message.questions).to.deep.equal([
      { name: 'example.com', spelling: 'example.com', type: 1, class: 1 },
    ]);
    expect(isDnsQuery(QUERY)).to.equal(true);
    expect(isDnsQuery(ANSWER)).to.equal(false);
  });

  it('buildDnsQuery() writes the same bytes', () => {
    expect(value(buildDnsQuery(0x1234, 'example.com.', DNS_TYPE.A))).to.deep.equal(QUERY);
  });

  it('parseDns() follows compression pointers', () => {
    const message = value(parseDns(ANSWER));
    expect(message.answers).to.deep.equal([
      { name: 'example.com', type: 5, class: 1, ttl: 60, value: 'www.example.com' },
      { name: 'www.example.com', type: 1, class: 1, ttl: 60, value: '93.184.216.34' },
    ]);
    expect(formatRcode(message.rcode)).to.equal('NOERROR');
  });

  const faults: readonly (readonly [string, Uint8Array, string])[] = [
    ['a short header', QUERY.subarray(0, 11), 'shorter than its 12-byte header'],
    ['a cut question', QUERY.subarray(0, 27), 'question ends outside'],
    ['a cut name', QUERY.subarray(0, 16), 'ends outside'],
    [
      'a pointer to itself',
      hex('0001 0100 0001 0000 0000 0000 c00c 0001 0001'),
      'does not point backwards',
    ],
    [
      'a label type of the future',
      hex('0001 0100 0001 0000 0000 0000 41 00 0001 0001'),
      'neither text nor pointer',
    ],
    ['a cut record', ANSWER.subarray(0, ANSWER.length - 1), 'ends outside'],
  ];
  for (const [what, bytes, wish] of faults)
    it(`parseDns() refuses ${what}`, () => {
      const result = parseDns(bytes);
      expect(result.ok ? '' : result.error).to.include(wish);
    });

  it('buildDnsAnswer() echoes id, question and spelling', () => {
    const query = value(parseDns(value(buildDnsQuery(7, 'eXaMple.com', DNS_TYPE.AAAA))));
    const answer = value(
      buildDnsAnswer(query, {
        rcode: 'NOERROR',
        authoritative: true,
        recursionAvailable: true,
        answers: [
          { name: 'example.com', type: DNS_TYPE.AAAA, class: 1, ttl: 9, value: '2001:db8::1' },
        ],
      }),
    );
    const read = value(parseDns(answer));
    expect(read.questions).to.deep.equal(query.questions);
    expect(read).to.include({ id: 7, isResponse: true, authoritative: true, rcode: 0 });
    expect(read.answers[0]?.value).to.equal('2001:db8::1');
  });

  it('emitDns() refuses what has no wire form', () => {
    expect(buildDnsQuery(1, 'a..b', 1).ok).to.equal(false);
    expect(buildDnsQuery(1, 'x'.repeat(64), 1).ok).to.equal(false);
    const answers = [{ name: 'a', type: 1, class: 1, ttl: 1, value: '::1' }];
    const message = value(parseDns(QUERY));
    expect(emitDns({ ...message, answers }).ok).to.equal(false);
  });

  it('parseDns() of emitDns() is the message', () => {
    const label = fc.stringMatching(/^[a-z0-9_-]{1,20}$/);
    const name = fc.array(label, { maxLength: 5 }).map((labels) => labels.join('.'));
    const record = fc.oneof(
      fc.record({ name, ttl: fc.nat(), value: name }).map((r) => ({ ...r, type: 5, class: 1 })),
      fc
        .record({ name, ttl: fc.nat(), value: fc.stringMatching(/^[ -~]{0,300}$/) })
        .map((r) => ({ ...r, type: 16, class: 1 })),
      fc
        .record({ name, ttl: fc.nat(), value: fc.ipV4() })
        .map((r) => ({ ...r, type: 1, class: 1 })),
    );
    const question = fc
      .record({ name, type: fc.nat(0xffff), class: fc.nat(0xffff) })
      .map((q) => ({ ...q, spelling: q.name }));
    const message: fc.Arbitrary<DnsMessage> = fc.record({
      id: fc.nat(0xffff),
      isResponse: fc.boolean(),
      opcode: fc.nat(15),
      authoritative: fc.boolean(),
      truncated: fc.boolean(),
      recursionDesired: fc.boolean(),
      recursionAvailable: fc.boolean(),
      rcode: fc.nat(15),
      questions: fc.array(question, { maxLength: 3 }),
      answers: fc.array(record, { maxLength: 3 }),
      authorities: fc.array(record, { maxLength: 3 }),
      additionals: fc.array(record, { maxLength: 3 }),
    });
    fc.assert(
      fc.property(message, (written) => {
        expect(value(parseDns(value(emitDns(written))))).to.deep.equal(written);
      }),
    );
  });

  it('parseDns() never throws on random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        parseDns(bytes);
        parseDns(Uint8Array.from([...QUERY.subarray(0, 12), ...bytes]));
      }),
    );
  });
});
