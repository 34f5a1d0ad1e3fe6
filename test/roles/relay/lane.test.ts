// The order in which messages leave, whatever time it takes to process them.
import { expect } from 'chai';
import { seededRandom } from '../../../src/base/random.ts';
import type { RelaySpec } from '../../../src/model/relay.ts';
import { concatBytes } from '../../../src/wire/bytes.ts';
import { type Kind, LIMITS, Play, memo, numbersOf, rule, shuffled } from './playbook.ts';

/** All messages that are no TELL go to another thread, which would cut them at a length that none has. */
const AWAY = (['C->P', 'S->P'] as const).map((at) =>
  rule(
    `away ${at}`,
    { types: ['STRICT', 'LOOSE', 'BARRIER', 'ASK'] },
    [{ kind: 'cut', bytes: 4096 }],
    { at },
  ),
);

const away = (overrides: Partial<RelaySpec> = {}): Play =>
  new Play({ workers: 2, rules: AWAY, ...overrides });

/** The work of a ticket is done, and changes nothing. */
function finish(play: Play, ticket: number): void {
  const bytes = play.work.get(ticket)?.bytes ?? new Uint8Array(0);
  play.session.processed(ticket, { bytes, audits: [], mutations: [] }, play.now);
}

const SIZE = 40;

/** As many messages of random kinds, numbered. */
function mixed(seed: number): readonly Kind[] {
  const random = seededRandom(seed).fork('kinds');
  const kinds: readonly Kind[] = ['STRICT', 'STRICT', 'LOOSE', 'LOOSE', 'BARRIER', 'TELL'];
  return Array.from({ length: SIZE }, () => kinds[random.below(kinds.length)] ?? 'STRICT');
}

/** The numbers in the order in which they left, with each message processed in the order that the seed says. */
function orderOf(
  kinds: readonly Kind[],
  ordering: RelaySpec['ordering'],
  seed: number,
): readonly number[] {
  const play = away({ ordering });
  play.hear('client', ...kinds.map((kind, number) => memo(kind, number, number % 7)));
  for (const index of shuffled(play.work.size, seed)) finish(play, index + 1);
  return play.numbers('server');
}

const isRising = (numbers: readonly number[]): boolean =>
  numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? 0));

describe('roles/relay/lane', () => {
  it('keeps all in order where that is wished, whatever is processed first', () => {
    for (let seed = 0; seed < 200; seed += 1)
      expect(orderOf(mixed(seed), 'all', seed)).to.deep.equal(mixed(seed).map((_, index) => index));
  });

  it('keeps strict messages in order, lets loose ones overtake, and crosses no barrier', () => {
    let overtaken = 0;
    for (let seed = 0; seed < 300; seed += 1) {
      const kinds = mixed(seed);
      const order = orderOf(kinds, 'typed', seed);
      expect([...order].toSorted((left, right) => left - right)).to.deep.equal(
        kinds.map((_, index) => index),
      );
      expect(isRising(order.filter((number) => kinds[number] !== 'LOOSE'))).to.equal(true);
      for (const [place, number] of order.entries())
        if (kinds[number] === 'BARRIER') expect(place, `seed ${seed}`).to.equal(number);
      if (!isRising(order)) overtaken += 1;
    }
    expect(overtaken).to.be.greaterThan(100);
  });

  it('lets each leave when it is processed where no order is wished', () => {
    const kinds = Array.from({ length: SIZE }, (): Kind => 'STRICT');
    expect(orderOf(kinds, 'none', 3)).to.deep.equal(shuffled(SIZE, 3));
  });

  it('of one direction does not wait for the other', () => {
    const play = away();
    play.hear('client', memo('STRICT', 1), memo('TELL', 2));
    play.hear('server', memo('TELL', 3), memo('STRICT', 4));
    expect([play.numbers('server'), play.numbers('client')]).to.deep.equal([[], [3]]);
    finish(play, 2);
    expect([play.numbers('server'), play.numbers('client')]).to.deep.equal([[], [3, 4]]);
    finish(play, 1);
    expect(play.numbers('server')).to.deep.equal([1, 2]);
  });

  it('gives work that says which rules, and has its outcome with the time of its return', () => {
    const play = away();
    play.hear('client', memo('STRICT', 9, 3));
    expect(play.work.get(1)).to.deep.equal({
      session: 1,
      side: 'client',
      at: 'C->P',
      message: 1,
      bytes: memo('STRICT', 9, 3),
      rules: [0],
      fuzzed: false,
      nth: 0,
    });
    play.pass(5);
    const record = { time: 0, session: 1, at: 'C->P', message: 1, type: 'STRICT' } as const;
    const audits = [{ ...record, rule: 'away C->P', operation: 'cut' } as const];
    play.session.processed(1, { bytes: memo('STRICT', 10), audits, mutations: [] }, play.now);
    expect(play.numbers('server')).to.deep.equal([10]);
    expect(play.audits).to.deep.equal([{ ...audits[0], time: play.now }]);
  });

  it('sends what is not processed in time as it came, counts it and says so', () => {
    const play = away({ limits: { ...LIMITS, processTimeout: 50 } });
    play.hear('client', memo('STRICT', 1), memo('TELL', 2));
    play.pass(49);
    expect(play.numbers('server')).to.deep.equal([]);
    play.pass(1);
    expect(play.numbers('server')).to.deep.equal([1, 2]);
    expect(play.relay.statistics().overdue).to.equal(1);
    expect(play.notes).to.deep.equal([
      'Message 1 of the client (STRICT) was not processed within 50 ms: it goes on as it came',
    ]);
    play.session.processed(1, { bytes: memo('STRICT', 7), audits: [], mutations: [] }, play.now);
    expect(play.numbers('server')).to.deep.equal([1, 2]);
  });

  it('stops reading while its seats are taken, and goes on when there is room', () => {
    const play = away({ limits: { ...LIMITS, seats: 2 } });
    play.hear('client', memo('STRICT', 1), memo('STRICT', 2), memo('STRICT', 3));
    finish(play, 2);
    expect(play.told).to.deep.equal(['ignore client']);
    finish(play, 1);
    expect(play.told).to.deep.equal(['ignore client', 'listen client']);
    finish(play, 3);
    expect(play.numbers('server')).to.deep.equal([1, 2, 3]);
  });

  it('stops reading while too many bytes wait', () => {
    const play = away({ limits: { ...LIMITS, bytes: 100 } });
    play.hear('client', memo('STRICT', 1, 92));
    expect(play.told).to.deep.equal(['ignore client']);
    finish(play, 1);
    expect(play.told).to.deep.equal(['ignore client', 'listen client']);
  });

  it('passes an end on when all before it has been processed', () => {
    const play = away();
    play.hear('client', memo('STRICT', 1));
    play.session.ended('client', play.now);
    expect(play.told).to.deep.equal([]);
    finish(play, 1);
    expect([play.numbers('server'), play.told]).to.deep.equal([[1], ['end server']]);
  });

  it('sends no work of a session that is over', () => {
    const play = away();
    play.hear('client', memo('STRICT', 1));
    play.session.failed('server', 'ECONNRESET', play.now);
    finish(play, 1);
    expect(play.writes).to.deep.equal([]);
  });

  it('lets nothing cross bytes that are no message', () => {
    const play = away({ ordering: 'none' });
    const broken = Uint8Array.of(1, 0, 0, 3);
    play.hear('client', memo('STRICT', 1), broken);
    play.hear('client', broken);
    expect(play.writes).to.deep.equal([]);
    finish(play, 1);
    expect(play.got('server')).to.deep.equal(concatBytes(memo('STRICT', 1), broken, broken));
  });

  it('counts messages that came and left', () => {
    const play = away();
    play.hear('client', memo('STRICT', 1), memo('TELL', 2));
    expect(play.relay.statistics().messages.upstream).to.deep.equal({ in: 2, out: 0 });
    finish(play, 1);
    expect(play.relay.statistics().messages.upstream).to.deep.equal({ in: 2, out: 2 });
    expect(numbersOf(play.got('server'))).to.deep.equal([1, 2]);
  });
});
