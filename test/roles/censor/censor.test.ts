import { expect } from 'chai';
import fc from 'fast-check';
import type { CensorAction } from '../../../src/model/censor.ts';
import { buildIcmp, buildIp } from '../../../src/wire/build.ts';
import { TCP_FLAG } from '../../../src/wire/tcp.ts';
import {
  DROP,
  Playbook,
  RESET,
  V4,
  V6,
  clientData,
  datagram,
  fromClient,
  fromServer,
  handshake,
  hello,
  hostRule,
  ip,
  query,
  request,
  rule,
  serverData,
  sniRule,
  text,
} from './playbook.ts';

const { ACK, FIN, RST, SYN } = TCP_FLAG;
const BLOCKED = hello('blocked.example');

function open(book: Playbook, ends = V4): void {
  for (const packet of handshake(ends)) expect(book.judge(packet)).to.equal('pass');
}

describe('roles/censor: resets', () => {
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
      sniRule({ ...RESET, flags: 'RST+ACK', dropTrigger: false, ttl: 9 }),
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
    const book = new Playbook([
      rule([{ field: 'tcp.dstport', ranges: [[443, 443]] }], { ...RESET, flags: 'RST' }),
    ]);
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

describe('roles/censor: inspection', () => {
  it('judge() reads a ClientHello cut into segments of any size', () => {
    for (const size of [1, 7, 50, 200]) {
      const book = new Playbook([sniRule(RESET)]);
      open(book);
      const dispositions = [];
      for (let at = 0; at < BLOCKED.length; at += size)
        dispositions.push(book.judge(clientData(V4, BLOCKED.subarray(at, at + size), at)));
      expect(dispositions, `segments of ${size}`).to.include('drop');
    }
  });

  it('judge() reads a ClientHello over records of one byte', () => {
    const book = new Playbook([sniRule(RESET)]);
    open(book);
    expect(book.judge(clientData(V4, hello('a.b.blocked.example', 1)))).to.equal('drop');
  });

  it('judge() reads a ClientHello whose segments come in any order, overlapping', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7], { minLength: 8 }),
        fc.nat(10),
        (order, overlap) => {
          const book = new Playbook([sniRule(RESET)]);
          open(book);
          const size = Math.ceil(BLOCKED.length / 8);
          const dispositions = order.map((piece) =>
            book.judge(
              clientData(
                V4,
                BLOCKED.subarray(piece * size, (piece + 1) * size + overlap),
                piece * size,
              ),
            ),
          );
          expect(dispositions).to.include('drop');
        },
      ),
    );
  });

  it('judge() believes the first of two overlapping copies', () => {
    const book = new Playbook([sniRule(RESET)]);
    open(book);
    const decoy = hello('harmless.exampl');
    expect(book.judge(clientData(V4, decoy.subarray(20), 20))).to.equal('pass');
    expect(book.judge(clientData(V4, BLOCKED.subarray(20), 20))).to.equal('pass');
    expect(book.judge(clientData(V4, BLOCKED.subarray(0, 20), 0))).to.equal('pass');
    expect(book.emitted).to.have.length(0);
  });

  it('judge() looks at every request of a connection, past bodies', () => {
    const book = new Playbook([hostRule(RESET)]);
    open(book);
    const parts = [
      text('POST / HTTP/1.1\r\nHost: fine.example\r\nContent-Length: 30\r\n\r\nGET / HTTP'),
      text('/1.1\r\nHost: 012345678'),
      text('PUT / HTTP/1.1\r\nHost: fine.example\r\nTransfer-Encoding: chunked\r\n\r\n'),
      text('5;x=y\r\nhello\r\n0\r\nA: b\r\n\r\n'),
      request('blocked.example'),
    ];
    let offset = 0;
    const dispositions = parts.map((part) => {
      const disposition = book.judge(clientData(V4, part, offset));
      offset += part.length;
      return disposition;
    });
    expect(dispositions).to.deep.equal(['pass', 'pass', 'pass', 'pass', 'drop']);
  });

  it('judge() finds a request behind another in one segment', () => {
    const book = new Playbook([hostRule(RESET)]);
    open(book);
    const both = Uint8Array.from([...request('fine.example'), ...request('Blocked.Example:80')]);
    expect(book.judge(clientData(V4, both))).to.equal('drop');
  });

  it('judge() matches path and method', () => {
    const pages = rule(
      [
        { field: 'http.path', patterns: ['/search*falun*'] },
        { field: 'http.method', patterns: ['GET'] },
      ],
      RESET,
    );
    const book = new Playbook([pages]);
    open(book);
    expect(book.judge(clientData(V4, request('a', '/search?q=falun+x')))).to.equal('drop');
    expect(book.events[0]?.detail).to.equal('http.path /search?q=falun+x, http.method GET');
    const other = new Playbook([pages]);
    open(other);
    expect(other.judge(clientData(V4, request('a', '/find?q=falun')))).to.equal('pass');
  });

  it('judge() reads a flow whose handshake it missed', () => {
    const book = new Playbook([sniRule(RESET)]);
    expect(book.judge(clientData(V4, BLOCKED))).to.equal('drop');
    expect(book.lines()).to.deep.equal([
      'IP 10.0.0.2.443 > 10.0.0.1.40000: Flags [R], seq 5001, win 0, length 0',
      'IP 10.0.0.1.40000 > 10.0.0.2.443: Flags [R], seq 1001, win 0, length 0',
    ]);
  });

  it('judge() begins anew when the ports are used again', () => {
    const book = new Playbook([sniRule(RESET)]);
    open(book);
    book.judge(clientData(V4, hello('fine.example')));
    book.judge(fromClient(V4, { sequence: 77_000, flags: SYN }));
    book.judge(fromServer(V4, { sequence: 9000, acknowledgment: 77_001, flags: SYN | ACK }));
    const again = { sequence: 77_001, acknowledgment: 9001, flags: ACK, payload: BLOCKED };
    expect(book.judge(fromClient(V4, again))).to.equal('drop');
  });

  it('judge() gives up on a stream that is nothing it knows', () => {
    const book = new Playbook([sniRule(RESET), hostRule(RESET)]);
    open(book);
    expect(book.judge(clientData(V4, text('SSH-2.0-x\r\n')))).to.equal('pass');
    expect(book.judge(clientData(V4, BLOCKED, 11))).to.equal('pass');
  });

  it('judge() survives a stream that never ends its head', () => {
    const book = new Playbook([hostRule(RESET)]);
    open(book);
    book.judge(clientData(V4, text('GET / HTTP/1.1\r\n')));
    for (let offset = 16; offset < 100_000; offset += 1000)
      expect(book.judge(clientData(V4, new Uint8Array(1000).fill(65), offset))).to.equal('pass');
  });
});

describe('roles/censor: rules', () => {
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
        { field: 'ip.version', values: [6] },
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
    const book = new Playbook([rule([{ field: 'ip.proto', values: [1] }], DROP)]);
    expect(book.judge(echo)).to.equal('drop');
    expect(book.events[0]?.protocol).to.equal('icmp');
  });
});

describe('roles/censor: fragments and faults', () => {
  const spec = { source: ip(V4.client), destination: ip(V4.server), id: 5, dontFragment: false };
  const whole = datagram({ ...V4, serverPort: 53 }, query('blocked.example')).subarray(20);
  const first = buildIp({ ...spec, moreFragments: true }, 17, whole.subarray(0, 32));
  const second = buildIp({ ...spec, fragmentOffset: 32 }, 17, whole.subarray(32));
  const port = rule([{ field: 'udp.dstport', ranges: [[53, 53]] }], { ...DROP, scope: 'packet' });

  it('judge() lets later fragments share the fate of their first', () => {
    const book = new Playbook([port]);
    expect(book.judge(first)).to.equal('drop');
    expect(book.judge(second)).to.equal('drop');
    expect(book.censor.counters.orphanFragments).to.equal(0);
  });

  it('judge() passes and counts fragments whose first it has not seen', () => {
    const book = new Playbook([port]);
    expect(book.judge(second)).to.equal('pass');
    expect(book.censor.counters.orphanFragments).to.equal(1);
  });

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
