// Whatever rules and faults do, in any order and at any hook: nothing is stuck, nothing is split, and what is not touched is not lost.
import { expect } from 'chai';
import { type Random, seededRandom } from '../../../src/base/random.ts';
import type {
  HookPoint,
  MessageOperation,
  RelayFault,
  RelayRule,
  RelaySpec,
} from '../../../src/model/relay.ts';
import { createWorker } from '../../../src/roles/relay/process/create-worker.ts';
import { type Kind, LIMITS, Play, memo, relaySpec, rule } from './playbook.ts';

const HOOKS: readonly HookPoint[] = ['C->P', 'P->S', 'S->P', 'P->C'];
const KINDS: readonly Kind[] = ['STRICT', 'LOOSE', 'BARRIER', 'ASK', 'TELL'];

const pick = <T>(random: Random, choices: readonly T[], otherwise: T): T =>
  choices[random.below(choices.length)] ?? otherwise;

/** Those that take nothing away and lie about nothing. */
const OPERATIONS: readonly ((random: Random) => MessageOperation)[] = [
  (random) => ({ kind: 'delay', for: { low: 0, high: random.below(20) } }),
  (random) => ({ kind: 'reorder', behind: 1 + random.below(5) }),
  (random) => ({ kind: 'split', sizes: [1 + random.below(9)], gap: random.below(3) }),
  (random) => ({ kind: 'coalesce', with: 1 + random.below(5) }),
  (random) => ({
    kind: 'hold',
    until: { types: [pick(random, KINDS, 'ASK')], at: pick(random, [null, ...HOOKS], null) },
    for: 1 + random.below(30),
  }),
  () => ({ kind: 'state', state: 'other' }),
  () => ({ kind: 'cut', bytes: 4096 }),
];

function someRules(random: Random): readonly RelayRule[] {
  return Array.from({ length: 1 + random.below(5) }, (_, index) =>
    rule(
      `rule ${index}`,
      { types: [pick(random, KINDS, 'ASK')], probability: 0.2 + random.next() * 0.8 },
      Array.from({ length: 1 + random.below(3) }, () =>
        pick(random, OPERATIONS, () => ({ kind: 'drop' }))(random),
      ),
      { at: pick(random, HOOKS, 'C->P') },
    ),
  );
}

function someFaults(random: Random): readonly RelayFault[] {
  const faults: readonly RelayFault[] = [
    {
      ...{ name: 'late', direction: 'upstream', probability: 0.5, enabled: true },
      ...{ kind: 'latency', latency: 5, jitter: 5 },
    },
    {
      ...{ name: 'slices', direction: 'downstream', probability: 0.5, enabled: true },
      ...{ kind: 'slicer', size: 20, variation: 10, gap: 0.1 },
    },
  ];
  return faults.slice(random.below(3));
}

/** Both sides speak at random times and end; gives who said which numbers. */
function speak(play: Play, random: Random, spec: RelaySpec): Record<'client' | 'server', number[]> {
  const said: Record<'client' | 'server', number[]> = { client: [], server: [] };
  const work = createWorker(spec, play.protocol, 1);
  for (let number = 0; number < 60; number += 1) {
    const from = random.below(2) === 0 ? 'client' : 'server';
    play.hear(from, memo(pick(random, KINDS, 'ASK'), number, random.below(40)));
    said[from].push(number);
    play.pass(random.below(4));
    for (const [ticket, task] of play.work) {
      if (random.below(3) > 0) continue;
      play.work.delete(ticket);
      play.session.processed(ticket, work(task), play.now);
    }
  }
  play.session.ended('client', play.now);
  play.pass(random.below(50));
  play.session.ended('server', play.now);
  play.pass(10 * LIMITS.processTimeout);
  return said;
}

const sorted = (numbers: readonly number[]): readonly number[] =>
  numbers.toSorted((left, right) => left - right);

describe('roles/relay/departures', () => {
  for (const ordering of ['all', 'typed', 'none'] as const)
    for (const workers of [0, 2])
      it(`lets all leave, whole and once, with ordering ${ordering} and ${workers} workers`, () => {
        for (let seed = 0; seed < 120; seed += 1) {
          const random = seededRandom(seed).fork('play');
          const overrides = {
            ...{ ordering, workers },
            ...{ rules: someRules(random), faults: someFaults(random) },
          };
          const play = new Play(overrides, { seed });
          const said = speak(play, random, relaySpec(overrides));
          const what = `seed ${seed}`;
          expect(play.told.at(-1), what).to.equal('finished');
          expect(sorted(play.numbers('server')), what).to.deep.equal(said.client);
          expect(sorted(play.numbers('client')), what).to.deep.equal(said.server);
          expect(play.session.nextDue).to.equal(Infinity);
        }
      });
});
