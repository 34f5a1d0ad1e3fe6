// The same comes of a message whether the thread that carries its session processes it or another.
import { expect } from 'chai';
import { seededRandom } from '../../../../src/base/random.ts';
import type { RelaySpec } from '../../../../src/model/relay.ts';
import { createWorker } from '../../../../src/roles/relay/process/create-worker.ts';
import { FUZZ, type Kind, Play, memo, relaySpec, rule, shuffled } from '../playbook.ts';

const SPEC: Partial<RelaySpec> = {
  rules: [
    rule('shake', { types: ['ASK'], probability: 0.5 }, [
      { kind: 'havoc', path: 'text', edits: 2 },
      { kind: 'random', path: 'number', low: 1000, high: 2000, prefix: null },
    ]),
    rule('cut', { types: ['TELL'] }, [{ kind: 'cut', bytes: 10 }]),
    rule('drop', { types: ['LOOSE'], nth: { kind: 'every', every: 2, from: 0 } }, [
      { kind: 'drop' },
    ]),
    rule('add', {}, [{ kind: 'add', path: 'flags', value: 1 }]),
  ],
  fuzz: { ...FUZZ, messages: ['STRICT'], rate: 0.3, edits: 2 },
};

function speak(play: Play): void {
  const random = seededRandom(5);
  const kinds: readonly Kind[] = ['ASK', 'TELL', 'LOOSE', 'STRICT'];
  for (let number = 0; number < 200; number += 1)
    play.hear('client', memo(kinds[random.below(4)] ?? 'ASK', number, 4 + random.below(30)));
}

describe('roles/relay/process/create-worker', () => {
  it('createWorker() does what a session does by itself', () => {
    const alone = new Play(SPEC);
    speak(alone);
    const helped = new Play({ ...SPEC, workers: 2 });
    const process = createWorker(relaySpec(SPEC), helped.protocol, 1);
    speak(helped);
    for (const index of shuffled(helped.work.size, 3)) {
      const work = helped.work.get(index + 1);
      if (work) helped.session.processed(index + 1, process(work), helped.now);
    }
    expect(helped.got('server')).to.deep.equal(alone.got('server'));
    const byMessage = (play: Play) =>
      play.audits.toSorted((left, right) => left.message - right.message);
    expect(byMessage(helped)).to.deep.equal(byMessage(alone));
    expect(helped.relay.statistics()).to.deep.equal(alone.relay.statistics());
  });
});
