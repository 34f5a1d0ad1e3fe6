import { expect } from 'chai';
import fc from 'fast-check';
import { DEFAULT_REASSEMBLY, DEFAULT_STATE } from '../../../src/model/censor-defaults.ts';
import { fragmentPacket } from '../../../src/wire/fragment.ts';
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
  rule,
  serverData,
  sniRule,
  text,
} from './playbook.ts';

const BLOCKED = hello('blocked.example');
const FINE = hello('fine.example');

function open(book: Playbook, ends = V4): void {
  for (const packet of handshake(ends)) book.judge(packet);
}

describe('roles/censor/censor', () => {
  const port = rule([{ field: 'udp.dstport', ranges: [[53, 53]] }], DROP);

  for (const onError of ['pass', 'drop'] as const)
    it(`judge() counts what it cannot parse: ${onError}`, () => {
      const book = new Playbook([port], { onError });
      for (let count = 0; count < 5; count += 1)
        expect(book.judge(text('garbage'))).to.equal(onError);
      expect(book.censor.statistics).to.include({ unparsable: 5, packets: 5, bytes: 35 });
      expect(book.actions()).to.deep.equal(['error', 'error', 'error']);
    });

  it('settled is true of flows that nothing can touch any more', () => {
    const book = new Playbook([sniRule(RESET)]);
    open(book);
    expect(book.censor.settled).to.equal(false);
    book.judge(clientData(V4, FINE));
    expect(book.censor.settled).to.equal(true);
    book.judge(serverData(V4, text('x')));
    expect(book.censor.settled).to.equal(true);
    open(book, V6);
    book.judge(clientData(V6, BLOCKED));
    expect(book.censor.settled).to.equal(false);
  });

  it('epoch grows with what may touch settled flows', () => {
    const book = new Playbook([sniRule(RESET)]);
    const { epoch } = book.censor;
    book.censor.reload({ rules: [sniRule(DROP)] });
    expect(book.censor.epoch).to.be.greaterThan(epoch);
  });

  it('reload() leaves what was decided, and counts on by name', () => {
    const book = new Playbook([sniRule(RESET)]);
    open(book);
    book.judge(clientData(V4, BLOCKED));
    book.censor.reload({ rules: [] });
    expect(book.judge(clientData(V4, text('x'), BLOCKED.length))).to.equal('drop');
    expect(book.censor.statistics.rules).to.deep.equal([{ name: 'forbidden', hits: 1 }]);
    open(book, V6);
    expect(book.judge(clientData(V6, BLOCKED))).to.equal('pass');
  });

  it('enabled = false lets everything pass, and true goes on', () => {
    const book = new Playbook([sniRule(RESET)]);
    open(book);
    book.censor.enabled = false;
    expect(book.judge(clientData(V4, BLOCKED))).to.equal('pass');
    expect(book.judge(text('garbage'))).to.equal('pass');
    expect(book.censor.statistics).to.include({ packets: 5, unjudged: 2, unparsable: 0 });
    book.censor.enabled = true;
    expect(book.judge(clientData(V4, BLOCKED, BLOCKED.length))).to.equal('drop');
    expect(book.censor.statistics.flows).to.equal(1);
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

  const segment = fc
    .record({
      ends: fc.constantFrom(V4, V6),
      clientPort: fc.integer({ min: 1, max: 6 }),
      isForward: fc.boolean(),
      flags: fc.nat(63),
      sequence: fc.constantFrom(1000, 1001, 1061, 5001, 0xffff_fff0),
      acknowledgment: fc.constantFrom(0, 1001, 5001),
      ttl: fc.integer({ min: 1, max: 5 }),
      payload: fc.constantFrom(text(''), BLOCKED, BLOCKED.subarray(0, 60), BLOCKED.subarray(60)),
      cut: fc.boolean(),
      wait: fc.constantFrom(0, 1, 61_000),
    })
    .map(({ ends, clientPort, isForward, cut, wait, ...spec }) => {
      const build = isForward ? fromClient : fromServer;
      const packet = build({ ...ends, clientPort }, { ...spec, dontFragment: false });
      return { wait, packets: cut ? fragmentPacket(packet, [24], clientPort) : [packet] };
    });

  it('judge() gives the same for the same packets, without a throw and within bounds', () => {
    const options = {
      state: {
        ...DEFAULT_STATE,
        capacity: 4,
        resyncOn: ['SYN', 'SYN+ACK', 'RST', 'FIN'],
        teardownOn: ['RST', 'FIN'],
        resyncProbability: 0.5,
      },
      reassembly: { ...DEFAULT_REASSEMBLY, ipFragment: true, fragments: 8 },
      checks: {
        checksum: true,
        hops: 2,
        md5: true,
        ack: true,
        window: true,
        timestamp: true,
        inOrder: true,
      },
    } as const;
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 60 }), fc.nat(59), (steps, reloadAt) => {
        const run = (): readonly unknown[] => {
          const book = new Playbook([sniRule(RESET, { probability: 0.5 })], options);
          const dispositions = steps.flatMap(({ packets, wait }, index) => {
            book.wait(wait);
            if (index === reloadAt) book.censor.reload({ rules: [sniRule(DROP)] });
            return packets.map((packet) => book.judge(packet));
          });
          expect(book.censor.statistics.known).to.be.at.most(4);
          return [dispositions, book.lines(), book.events, book.censor.statistics];
        };
        expect(run()).to.deep.equal(run());
      }),
      { numRuns: 150 },
    );
  });
});
