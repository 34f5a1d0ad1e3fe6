import { expect } from 'chai';
import {
  DROP,
  Playbook,
  RESET,
  V4,
  clientData,
  handshake,
  hello,
  rule,
  serverData,
  sniRule,
  text,
} from './playbook.ts';

const BLOCKED = hello('blocked.example');
const MITM = { kind: 'mitm', authority: 'own', log: false } as const;
const PACKET_DROP = { ...DROP, scope: 'packet' } as const;

function open(book: Playbook, ends = V4): void {
  for (const packet of handshake(ends)) expect(book.judge(packet)).to.equal('pass');
}

describe('roles/censor/decider', () => {
  it('judge() keeps the words that a rule has dropped from the server, and no others', () => {
    const book = new Playbook([sniRule(PACKET_DROP)]);
    open(book);
    for (let turn = 0; turn < 3; turn += 1)
      expect(book.judge(clientData(V4, BLOCKED))).to.equal('drop');
    expect(book.judge(clientData(V4, BLOCKED.subarray(10, 20), 10)), 'a part').to.equal('drop');
    expect(book.judge(clientData(V4, text('next'), BLOCKED.length))).to.equal('pass');
    expect(book.judge(serverData(V4, text('answer')))).to.equal('pass');
    expect(book.censor.statistics.rules).to.deep.equal([{ name: 'forbidden', hits: 1 }]);
  });

  it('judge() draws once a flow whether a rule acts on it', () => {
    let resets = 0;
    const book = new Playbook([sniRule(RESET, { probability: 0.5 })]);
    for (let flow = 0; flow < 100; flow += 1) {
      const ends = { ...V4, clientPort: 1000 + flow };
      open(book, ends);
      const first = book.judge(clientData(ends, BLOCKED));
      const second = book.judge(clientData(ends, BLOCKED, BLOCKED.length));
      expect(second, 'as the first').to.equal(first);
      if (first === 'drop') resets += 1;
    }
    expect(resets).to.be.within(30, 70);
  });

  for (const [next, packet] of [
    ['its client', clientData(V4, BLOCKED.subarray(20), 20)],
    ['its server', serverData(V4, text(''))],
  ] as const)
    for (const rules of [[], [sniRule(RESET)]])
      it(`judge() sends on what waited by other rules: ${rules.length} of now, then ${next} speaks`, () => {
        const book = new Playbook([sniRule(MITM)], { interceptor: { takeOver: () => null } });
        open(book);
        const waiting = clientData(V4, BLOCKED.subarray(0, 20));
        expect(book.judge(waiting)).to.equal('taken');
        expect(book.emitted).to.deep.equal([]);
        book.censor.reload({ rules });
        book.judge(packet);
        expect(book.emitted[0]?.bytes).to.deep.equal(waiting);
        const isWhole = next === 'its client' && rules.length > 0;
        expect(book.actions(), 'all words are read').to.deep.equal(isWhole ? ['reset'] : []);
      });

  it('judge() settles a flow once no rule can match it any more', () => {
    const urgent = rule(
      [
        { field: 'tcp.dstport', ranges: [[443, 443]] },
        { field: 'tcp.flags', set: ['URG'], clear: [] },
      ],
      DROP,
      { first: { packets: 2, bytes: null } },
    );
    const book = new Playbook([urgent]);
    open(book);
    book.judge(clientData(V4, text('one')));
    expect(book.censor.settled, 'the rule looks at two packets with data').to.equal(false);
    book.judge(clientData(V4, text('two'), 3));
    expect(book.censor.settled).to.equal(true);
  });
});
