import { expect } from 'chai';
import fc from 'fast-check';
import { looksLikeQuery, readDnsQuery } from '../../../../src/roles/censor/inspect/dns-query.ts';
import { query, text } from '../playbook.ts';

const changed = (at: number, value: number): Uint8Array => {
  const bytes = query('blocked.example');
  bytes[at] = value;
  return bytes;
};

describe('roles/censor/dns-query', () => {
  it('readDnsQuery() keeps what an answer echoes', () => {
    expect(readDnsQuery(query('Blocked.example', 28, 9))).to.deep.equal({
      id: 9,
      qdcount: 1,
      opcode: 0,
      recursionDesired: true,
      questions: [{ name: 'blocked.example', spelling: 'Blocked.example', type: 28, class: 1 }],
    });
  });

  it('readDnsQuery() does not mind the records of EDNS', () => {
    const bytes = Uint8Array.from([...changed(11, 1), 0, 0, 41, 16, 0, 0, 0, 0, 0, 0, 0]);
    expect(readDnsQuery(bytes)?.questions).to.have.length(1);
  });

  it('readDnsQuery() takes what is there of more questions', () => {
    const two = Uint8Array.from([...changed(5, 2), ...query('other.example').subarray(12)]);
    expect(readDnsQuery(two)).to.include({ qdcount: 2 });
    expect(readDnsQuery(two)?.questions.map(({ name }) => name)).to.deep.equal([
      'blocked.example',
      'other.example',
    ]);
    const one = readDnsQuery(changed(5, 2));
    expect(one).to.include({ qdcount: 2 });
    expect(one?.questions).to.have.length(1);
    expect(readDnsQuery(changed(12, 0xc0))).to.equal(null);
  });

  const others: readonly (readonly [string, Uint8Array])[] = [
    ['a short datagram', query('a').subarray(0, 11)],
    ['a response', changed(2, 0x81)],
    ['another opcode', changed(2, 0x29)],
    ['no question', changed(5, 0)],
    ['too many questions', changed(5, 9)],
    ['answers', changed(7, 1)],
    ['a request of another protocol', text('GET / HTTP/1.1\r\n\r\n')],
  ];
  for (const [what, bytes] of others)
    it(`looksLikeQuery() refuses ${what}`, () => {
      expect(looksLikeQuery(bytes)).to.equal(false);
      expect(readDnsQuery(bytes)).to.equal(null);
    });

  it('readDnsQuery() never throws on random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        readDnsQuery(bytes);
        readDnsQuery(Uint8Array.from([...query('a').subarray(0, 12), ...bytes]));
      }),
    );
  });
});
