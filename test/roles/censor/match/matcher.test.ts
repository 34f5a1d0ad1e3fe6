import { expect } from 'chai';
import fc from 'fast-check';
import type { Match } from '../../../../src/model/censor-match.ts';
import type { CensorRule } from '../../../../src/model/censor.ts';
import { TCP_FLAG } from '../../../../src/wire/tcp.ts';
import {
  DROP,
  type Ends,
  Playbook,
  THROTTLE,
  V4,
  clientData,
  datagram,
  fromClient,
  handshake,
  hello,
  query,
  request,
  rule,
  serverData,
  sniRule,
  text,
} from '../playbook.ts';

const PACKET_DROP = { ...DROP, scope: 'packet' } as const;
const matching = (match: Match, rest: Partial<CensorRule> = {}): CensorRule => ({
  ...rule([], DROP, rest),
  match,
});

function open(book: Playbook, ends: Ends = V4): void {
  for (const packet of handshake(ends)) expect(book.judge(packet)).to.equal('pass');
}

/** The rule that decided last. */
const decider = (book: Playbook): string | undefined => book.events.at(-1)?.rule;

describe('roles/censor/match/matcher', () => {
  it('the first of a thousand rules that matches decides, however it is found', () => {
    const rules = Array.from({ length: 1000 }, (_, index) =>
      rule([{ field: 'tls.sni', names: [`n${index >> 1}.example`] }], DROP, { name: `${index}` }),
    );
    const scanned = matching(
      { any: [{ field: 'tls.sni', names: ['n300.example', 'n3.example'] }] },
      { name: 'scanned' },
    );
    rules.splice(500, 0, scanned);
    for (const [name, wish] of [
      ['n0.example', '0'],
      ['n3.example', '6'],
      ['N300.example', 'scanned'],
      ['n499.example', '998'],
    ] as const) {
      const book = new Playbook(rules);
      open(book);
      expect(book.judge(clientData(V4, hello(name)))).to.equal('drop');
      expect(decider(book)).to.equal(wish);
    }
  });

  it('rules by prefix and port are found as if each were asked', () => {
    const prefix = fc.constantFrom('10.0.0.2', '10.0.0.0/24', '10.0.0.0/30', '11.0.0.0/8', '::/0');
    const port = fc.constantFrom([443, 443], [400, 500], [80, 80], [0, 65_535]) as fc.Arbitrary<
      [number, number]
    >;
    const condition = fc.oneof(
      prefix.map((one): Match => ({ field: 'ip.dst', prefixes: [one] })),
      prefix.map((one): Match => ({ field: 'ip.addr', prefixes: [one] })),
      port.map((one): Match => ({ field: 'tcp.dstport', ranges: [one] })),
      port.map((one): Match => ({ field: 'udp.port', ranges: [one] })),
    );
    const holds = (part: Match): boolean => {
      if ('prefixes' in part) return part.prefixes[0]?.startsWith('10.') === true;
      if (!('ranges' in part) || part.field !== 'tcp.dstport') return false;
      return part.ranges.some(([low, high]) => 443 >= (low ?? 0) && 443 <= (high ?? 0));
    };
    fc.assert(
      fc.property(fc.array(fc.array(condition, { maxLength: 3 }), { maxLength: 6 }), (heads) => {
        const rules = heads.map((all, index) => matching({ all }, { name: `${index}` }));
        const book = new Playbook(rules);
        const wish = heads.findIndex((parts) => parts.every(holds));
        const syn = fromClient(V4, { sequence: 1, flags: TCP_FLAG.SYN });
        expect(book.judge(syn)).to.equal(wish < 0 ? 'pass' : 'drop');
        expect(decider(book)).to.equal(wish < 0 ? undefined : `${wish}`);
      }),
      { numRuns: 60 },
    );
  });

  it('all conditions over DNS must hold for one question', () => {
    const both = rule(
      [
        { field: 'dns.qname', names: ['a.example'] },
        { field: 'dns.qtype', ranges: [[28, 28]] },
      ],
      PACKET_DROP,
    );
    const book = new Playbook([both]);
    expect(book.judge(datagram(V4, query('a.example', 28)))).to.equal('drop');
    expect(book.judge(datagram(V4, query('a.example', 1)))).to.equal('pass');
    expect(book.judge(datagram(V4, query('b.example', 28)))).to.equal('pass');
  });

  it('"not" over a message waits for one that has the field', () => {
    const book = new Playbook([matching({ not: { field: 'tls.sni', names: ['fine.example'] } })]);
    open(book);
    expect(book.judge(clientData(V4, hello('other.example')))).to.equal('drop');
    const fine = new Playbook([matching({ not: { field: 'tls.sni', names: ['fine.example'] } })]);
    open(fine);
    expect(fine.judge(clientData(V4, hello('fine.example')))).to.equal('pass');
    const http = { ...V4, clientPort: 5 };
    open(fine, http);
    expect(fine.judge(clientData(http, request('fine.example')))).to.equal('pass');
  });

  it('a rule that may hold without a message is asked about packets too', () => {
    const either = matching({
      any: [
        { field: 'tls.sni', names: ['x.example'] },
        { field: 'payload.bytes', values: ['ff'], at: 0 },
      ],
    });
    for (const payload of [hello('x.example'), Uint8Array.of(0xff)]) {
      const book = new Playbook([either]);
      open(book);
      expect(book.judge(clientData(V4, payload))).to.equal('drop');
    }
    const book = new Playbook([either]);
    open(book);
    expect(book.judge(serverData(V4, Uint8Array.of(0xff)))).to.equal('drop');
  });

  it('"first" ends the rule for its direction, and the flow then is left alone', () => {
    const first = rule([{ field: 'payload.bytes', values: ['ff'], at: 0 }], DROP, {
      first: { packets: 2, bytes: null },
    });
    const late = new Playbook([first]);
    open(late);
    for (const offset of [0, 1]) late.judge(clientData(V4, text('x'), offset));
    expect(late.judge(clientData(V4, Uint8Array.of(0xff), 2))).to.equal('pass');
    expect(late.censor.settled).to.equal(false);
    for (const offset of [0, 1]) late.judge(serverData(V4, text('x'), offset));
    expect(late.censor.settled).to.equal(true);
    const early = new Playbook([first]);
    open(early);
    early.judge(clientData(V4, text('x')));
    expect(early.judge(clientData(V4, Uint8Array.of(0xff), 1))).to.equal('drop');
  });

  it('"first" counts bytes of payload', () => {
    const first = rule([{ field: 'payload.bytes', values: ['ff'], at: 0 }], DROP, {
      first: { packets: null, bytes: 10 },
    });
    for (const [before, wish] of [
      ['x'.repeat(9), 'drop'],
      ['x'.repeat(10), 'pass'],
    ] as const) {
      const book = new Playbook([first]);
      open(book);
      book.judge(clientData(V4, text(before)));
      expect(book.judge(clientData(V4, Uint8Array.of(0xff), before.length))).to.equal(wish);
    }
  });

  const ends: readonly (readonly [Match, number])[] = [
    [{ field: 'flow.packets', ranges: [[1, 4]] }, 4],
    [{ field: 'flow.data', ranges: [[null, 1]] }, 5],
    [{ field: 'flow.bytes', ranges: [[null, 170]] }, 5],
    [{ field: 'ports', order: '<' }, 1],
    [{ field: 'ip.proto', ranges: [[17, 17]] }, 1],
  ];
  for (const [match, wish] of ends)
    it(`a flow is left alone once ${JSON.stringify(match)} cannot be any more`, () => {
      const never: Match = { field: 'payload.bytes', values: ['ff'], at: 0 };
      const client: Match = { field: 'flow.side', words: ['client'] };
      const book = new Playbook([matching({ all: [match, client, never] })]);
      const data = [0, 1, 2].map((offset) => clientData(V4, text('x'), offset));
      const packets = [...handshake(V4), ...data];
      const settled = packets.findIndex((packet) => {
        book.judge(packet);
        return book.censor.settled;
      });
      expect(settled + 1).to.equal(wish);
    });

  it('a rule that has had its turn leaves the others theirs', () => {
    const throttle = rule([{ field: 'tcp.dstport', ranges: [[443, 443]] }], THROTTLE, {
      name: 'slow',
    });
    const book = new Playbook([throttle, sniRule(DROP)]);
    open(book);
    expect(book.judge(clientData(V4, hello('blocked.example')))).to.equal('drop');
    expect(book.actions()).to.deep.equal(['throttle', 'drop']);
  });

  it('lists serve every field that names them', () => {
    const lists = [{ file: 'names.txt', text: '# blocked\n*.Blocked.example\nb.example' }];
    const rules = (['tls.sni', 'http.host', 'dns.qname'] as const).map((field) =>
      rule([{ field, names: [], list: 0 }], PACKET_DROP, { name: field }),
    );
    const book = new Playbook(rules, { lists });
    open(book);
    expect(book.judge(clientData(V4, hello('www.blocked.example')))).to.equal('drop');
    const http = { ...V4, clientPort: 6 };
    open(book, http);
    expect(book.judge(clientData(http, request('b.example')))).to.equal('drop');
    expect(book.judge(datagram(V4, query('c.b.example')))).to.equal('pass');
    expect(book.judge(datagram(V4, query('b.example')))).to.equal('drop');
    expect(book.actions()).to.deep.equal(['drop', 'drop', 'drop']);
  });
});
