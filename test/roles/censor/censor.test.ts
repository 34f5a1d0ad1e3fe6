import { expect } from 'chai';
import fc from 'fast-check';
import {
  DROP,
  Playbook,
  RESET,
  V4,
  V6,
  clientData,
  datagram,
  hostRule,
  rule,
  sniRule,
  text,
} from './playbook.ts';

describe('roles/censor/censor', () => {
  const port = rule([{ field: 'udp.dstport', ranges: [[53, 53]] }], DROP);

  for (const onError of ['pass', 'drop'] as const)
    it(`judge() counts what it cannot parse: ${onError}`, () => {
      const book = new Playbook([port], { onError });
      for (let count = 0; count < 5; count += 1)
        expect(book.judge(text('garbage'))).to.equal(onError);
      expect(book.censor.counters.unparsable).to.equal(5);
      expect(book.actions()).to.deep.equal(['error', 'error', 'error']);
    });

  it('judge() never throws on random packets and random payloads', () => {
    const rules = [
      sniRule(RESET),
      hostRule(RESET),
      rule([{ field: 'dns.qname', names: ['*'] }], DROP),
    ];
    const book = new Playbook(rules);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), fc.nat(100_000), (bytes, offset) => {
        book.judge(bytes);
        book.judge(Uint8Array.from([0x45, ...bytes]));
        book.judge(Uint8Array.from([0x60, ...bytes]));
        book.judge(clientData(V4, bytes, offset));
        book.judge(clientData(V6, Uint8Array.from([22, 3, 1, ...bytes]), offset % 300));
        book.judge(datagram(V4, bytes));
      }),
      { numRuns: 500 },
    );
  });
});
