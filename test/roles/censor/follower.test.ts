import { expect } from 'chai';
import { DEFAULT_STATE } from '../../../src/model/censor-defaults.ts';
import { TCP_FLAG } from '../../../src/wire/tcp.ts';
import {
  DROP,
  Playbook,
  RESET,
  V4,
  V6,
  clientData,
  fromClient,
  handshake,
  hello,
  hostRule,
  sniRule,
} from './playbook.ts';

const BLOCKED = hello('blocked.example');

function open(book: Playbook, ends = V4): void {
  for (const packet of handshake(ends)) book.judge(packet);
}

describe('roles/censor/follower', () => {
  it('continueFlow() lets flows that were there meet other rules', () => {
    const book = new Playbook([hostRule(RESET)]);
    open(book);
    book.censor.reload({ rules: [sniRule(RESET)] });
    expect(book.judge(clientData(V4, BLOCKED))).to.equal('drop');
    expect(book.censor.statistics).to.include({ flows: 1 });
  });

  it('continueFlow() loses no words that wait to be whole when there are other rules', () => {
    const book = new Playbook([sniRule(RESET)]);
    open(book);
    book.judge(clientData(V4, BLOCKED.subarray(0, 60)));
    book.censor.reload({ rules: [sniRule(RESET, { name: 'other' })] });
    expect(book.judge(clientData(V4, BLOCKED.subarray(60), 60))).to.equal('drop');
    expect(book.censor.statistics.rules).to.deep.equal([{ name: 'other', hits: 1 }]);
  });

  for (const [name, wish] of [
    ['forbidden', 'drop'],
    ['another', 'pass'],
  ] as const)
    it(`continueFlow() keeps residual blocks of rules with the same name: ${name}`, () => {
      const book = new Playbook([
        sniRule(RESET, {
          residual: {
            key: '3-tuple',
            for: { low: 90_000, high: 90_000 },
            refresh: false,
            existing: false,
            actions: [DROP],
            probability: 1,
          },
        }),
      ]);
      open(book);
      book.judge(clientData(V4, BLOCKED));
      book.censor.reload({ rules: [hostRule(RESET, { name })] });
      const later = fromClient({ ...V4, clientPort: 50_000 }, { sequence: 1, flags: TCP_FLAG.SYN });
      expect(book.judge(later)).to.equal(wish);
    });

  for (const whenFull of ['evict', 'pass', 'drop'] as const)
    it(`createFlow() outlives a flood of SYNs: ${whenFull}`, () => {
      const state = { ...DEFAULT_STATE, capacity: 1000, whenFull };
      const book = new Playbook([sniRule(RESET)], { state });
      for (let flow = 0; flow < 20_000; flow += 1) {
        const ends = { ...V4, clientPort: 1 + (flow % 60_000) };
        const syn = fromClient(ends, { sequence: flow, flags: TCP_FLAG.SYN });
        const wish = whenFull === 'drop' && flow >= 1000 ? 'drop' : 'pass';
        expect(book.judge(syn)).to.equal(wish);
      }
      const { known, evicted, unseen, refused } = book.censor.statistics;
      const surplus = { evict: [19_000, 0, 0], pass: [0, 19_000, 0], drop: [0, 0, 19_000] };
      expect([known, evicted, unseen, refused]).to.deep.equal([1000, ...surplus[whenFull]]);
      book.wait(61_000);
      open(book, V6);
      expect(book.judge(clientData(V6, BLOCKED))).to.equal('drop');
    });
});
