// What rules do with messages as a whole, at both ends of their way.
import { expect } from 'chai';
import type {
  HookPoint,
  MessageOperation,
  RelayRule,
  RelaySpec,
} from '../../../src/model/relay.ts';
import { concatBytes } from '../../../src/wire/bytes.ts';
import { LIMITS, Play, memo, rule } from './playbook.ts';

const ASK = { types: ['ASK'] };

/** One rule about messages of the client that ask. */
const asked = (
  at: HookPoint,
  operations: readonly MessageOperation[],
  overrides: Partial<RelaySpec> = {},
): Play => new Play({ rules: [rule('asked', ASK, operations, { at })], ...overrides });

const STRICT = memo('STRICT', 1);
const QUESTION = memo('ASK', 2, 12);
const LATER = [memo('STRICT', 3), memo('STRICT', 4), memo('STRICT', 5)];

for (const at of ['C->P', 'P->S'] as const)
  describe(`roles/relay/carry-out at ${at}`, () => {
    it('drops a message, and writes down that it did', () => {
      const play = asked(at, [{ kind: 'drop' }]);
      play.hear('client', STRICT, QUESTION, ...LATER);
      expect(play.numbers('server')).to.deep.equal([1, 3, 4, 5]);
      expect(play.audits).to.deep.equal([
        {
          ...{ time: play.now, session: 1, at, message: 2, type: 'ASK' },
          ...{ rule: 'asked', operation: 'drop' },
        },
      ]);
      const { rules, messages } = play.relay.statistics();
      expect([rules, messages.upstream]).to.deep.equal([{ asked: 1 }, { in: 5, out: 4 }]);
    });

    it('delays a message, and with it those that keep their order', () => {
      const play = asked(at, [{ kind: 'delay', for: { low: 20, high: 20 } }]);
      play.hear('client', STRICT, QUESTION, ...LATER);
      play.pass(19);
      expect(play.numbers('server')).to.deep.equal([1]);
      play.pass(1);
      expect(play.numbers('server')).to.deep.equal([1, 2, 3, 4, 5]);
    });

    it('delays a message alone where no order is kept', () => {
      const play = asked(at, [{ kind: 'delay', for: { low: 20, high: 20 } }], { ordering: 'none' });
      play.hear('client', STRICT, QUESTION, ...LATER);
      play.pass(20);
      expect(play.numbers('server')).to.deep.equal([1, 3, 4, 5, 2]);
    });

    it('draws a delay by the seed', () => {
      const drawn = [1, 1, 2].map((seed) => {
        const delay = { kind: 'delay', for: { low: 10, high: 1000 } } as const;
        const play = new Play({ rules: [rule('asked', ASK, [delay], { at })] }, { seed });
        play.hear('client', QUESTION);
        play.pass(1000);
        return play.times('server')[0] ?? 0;
      });
      expect(drawn[0]).to.equal(drawn[1]);
      expect(drawn[0]).to.not.equal(drawn[2]);
      expect(Math.min(...drawn)).to.be.at.least(10);
      expect(Math.max(...drawn)).to.be.at.most(1000);
    });

    it('duplicates a message', () => {
      const play = asked(at, [{ kind: 'duplicate', times: 2 }]);
      play.hear('client', STRICT, QUESTION, ...LATER);
      expect(play.numbers('server')).to.deep.equal([1, 2, 2, 2, 3, 4, 5]);
    });

    it('sends a message behind later ones', () => {
      const play = asked(at, [{ kind: 'reorder', behind: 2 }]);
      play.hear('client', STRICT, QUESTION, ...LATER);
      expect(play.numbers('server')).to.deep.equal([1, 3, 4, 2, 5]);
    });

    it('sends a message that nothing overtakes when its patience or the stream ends', () => {
      const patient = asked(at, [{ kind: 'reorder', behind: 2 }]);
      patient.hear('client', QUESTION, STRICT);
      patient.pass(LIMITS.processTimeout - 1);
      expect(patient.numbers('server')).to.deep.equal([1]);
      patient.pass(1);
      expect(patient.numbers('server')).to.deep.equal([1, 2]);
      const ended = asked(at, [{ kind: 'reorder', behind: 2 }]);
      ended.hear('client', QUESTION, STRICT);
      ended.session.ended('client', ended.now);
      expect([ended.numbers('server'), ended.told]).to.deep.equal([[1, 2], ['end server']]);
    });

    it('injects messages before, after and back', () => {
      const written = (number: number): MessageOperation & { readonly kind: 'inject' } => ({
        kind: 'inject',
        where: 'before',
        message: { kind: 'fields', type: 'TELL', values: [{ path: 'number', value: number }] },
      });
      const play = asked(at, [
        written(50),
        { ...written(60), where: 'after' },
        { ...written(70), where: 'back' },
        { kind: 'inject', where: 'after', message: { kind: 'bytes', hex: '05000008 00000050' } },
      ]);
      play.hear('client', STRICT, QUESTION, ...LATER);
      expect(play.numbers('server')).to.deep.equal([1, 50, 2, 60, 80, 3, 4, 5]);
      expect(play.got('client')).to.deep.equal(memo('TELL', 70));
    });

    it('replaces a message, and sends earlier ones again', () => {
      const play = asked(at, [
        { kind: 'replace', message: { kind: 'earlier', type: 'ASK', from: 'client' } },
      ]);
      play.hear('client', memo('ASK', 1), memo('ASK', 2), memo('ASK', 3));
      const expected = { 'C->P': [1, 1, 2], 'P->S': [1, 2, 3] };
      expect(play.numbers('server')).to.deep.equal(expected[at]);
    });

    it('splits a message with gaps, and lets nothing between', () => {
      const play = asked(at, [{ kind: 'split', sizes: [3, 4], gap: 10 }]);
      play.hear('client', STRICT, QUESTION, ...LATER);
      play.session.ended('client', play.now);
      play.pass(30);
      const writes = play.writesTo('server');
      expect(writes.map(({ bytes }) => bytes.length)).to.deep.equal([8, 3, 4, 13, 8, 8, 8]);
      expect(play.times('server')).to.deep.equal([0, 0, 10, 20, 20, 20, 20]);
      expect(play.got('server')).to.deep.equal(concatBytes(STRICT, QUESTION, ...LATER));
      expect(play.told).to.deep.equal(['end server']);
    });

    it('splits a message without gaps into writes of their own', () => {
      const play = asked(at, [{ kind: 'split', sizes: [3], gap: 0 }]);
      play.hear('client', STRICT, QUESTION);
      expect(play.writesTo('server').map(({ bytes }) => bytes.length)).to.deep.equal([8, 3, 17]);
    });

    it('gathers messages into one write', () => {
      const play = asked(at, [{ kind: 'coalesce', with: 2 }]);
      play.hear('client', STRICT, QUESTION);
      expect(play.numbers('server')).to.deep.equal([1]);
      for (const message of LATER) play.hear('client', message);
      expect(play.writesTo('server').map(({ bytes }) => bytes.length)).to.deep.equal([8, 36, 8]);
    });

    it('gathers no longer than its patience', () => {
      const play = asked(at, [{ kind: 'coalesce', with: 2 }]);
      play.hear('client', QUESTION);
      play.pass(LIMITS.processTimeout);
      expect(play.times('server')).to.deep.equal([LIMITS.processTimeout]);
    });

    it('cuts a message, and lies about lengths', () => {
      const cut = asked(at, [{ kind: 'cut', bytes: 5 }]);
      cut.hear('client', QUESTION);
      expect(cut.got('server')).to.deep.equal(QUESTION.slice(0, 5));
      const lie = asked(at, [{ kind: 'corrupt-length', value: null, add: -1 }]);
      lie.hear('client', QUESTION);
      expect([lie.got('server').length, lie.got('server')[3]]).to.deep.equal([20, 19]);
      expect(lie.audits[0]).to.include({ operation: 'corrupt-length', old: '20', new: '19' });
    });

    it('holds a message and all behind it until another comes', () => {
      const hold = { kind: 'hold', until: { types: ['TELL'], at: null }, for: 100 } as const;
      for (const ordering of ['all', 'none'] as const) {
        const play = asked(at, [hold], { ordering });
        play.hear('client', STRICT, QUESTION, ...LATER);
        expect(play.numbers('server')).to.deep.equal([1]);
        play.hear('server', memo('TELL', 9));
        expect([...play.numbers('server')].sort()).to.deep.equal([1, 2, 3, 4, 5]);
        expect(play.numbers('client')).to.deep.equal([9]);
      }
    });

    it('holds for no longer than it is told', () => {
      const hold = { kind: 'hold', until: { types: ['TELL'], at: 'P->C' }, for: 100 } as const;
      const play = asked(at, [hold]);
      play.hear('client', QUESTION, STRICT);
      play.pass(100);
      expect(play.times('server').at(-1)).to.equal(100);
      expect(play.numbers('server')).to.deep.equal([2, 1]);
    });

    it('swallows all that follows, and keeps the connections', () => {
      const play = asked(at, [{ kind: 'blackhole', both: false }]);
      play.hear('client', STRICT, QUESTION, ...LATER);
      play.hear('client', ...LATER);
      play.hear('server', memo('TELL', 9));
      expect([play.numbers('server'), play.numbers('client')]).to.deep.equal([[1], [9]]);
      play.session.ended('client', play.now);
      expect(play.told).to.deep.equal([]);
      play.session.ended('server', play.now);
      expect(play.told).to.deep.equal(['end client', 'end server', 'finished']);
    });

    it('swallows both directions', () => {
      const play = asked(at, [{ kind: 'blackhole', both: true }]);
      play.hear('client', STRICT, QUESTION);
      play.hear('server', memo('TELL', 9));
      expect([play.numbers('server'), play.got('client')]).to.deep.equal([[1], new Uint8Array(0)]);
    });

    it('resets both connections instead of the message', () => {
      const play = asked(at, [{ kind: 'reset' }]);
      play.hear('client', QUESTION, ...LATER);
      expect(play.writes).to.deep.equal([]);
      expect(play.told).to.deep.equal(['reset client', 'reset server', 'reset-by-rule']);
    });

    it('closes both connections behind what it injects', () => {
      const block = { kind: 'bytes', hex: '05000008 00000063' } as const;
      const play = asked(at, [
        { kind: 'inject', where: 'back', message: block },
        { kind: 'close' },
      ]);
      play.hear('client', STRICT, QUESTION, ...LATER);
      expect([play.numbers('server'), play.numbers('client')]).to.deep.equal([[1], [99]]);
      expect(play.told).to.deep.equal(['end client', 'end server', 'closed-by-rule']);
    });

    it('resets in the middle of a message that it cuts', () => {
      const play = asked(at, [{ kind: 'cut', bytes: 5 }, { kind: 'reset' }]);
      play.hear('client', QUESTION, ...LATER);
      expect(play.got('server')).to.deep.equal(QUESTION.slice(0, 5));
      expect(play.told.at(-1)).to.equal('reset-by-rule');
    });

    it('sets a state that later messages are judged by', () => {
      const rules: readonly RelayRule[] = [
        rule('first', { ...ASK, state: 'start' }, [{ kind: 'state', state: 'asked' }], { at }),
        rule('second', { ...ASK, state: 'asked' }, [{ kind: 'drop' }], { at }),
      ];
      const play = new Play({ rules });
      play.hear('client', memo('ASK', 1), memo('ASK', 2), STRICT, memo('ASK', 3));
      expect(play.numbers('server')).to.deep.equal([1, 1]);
      expect(play.relay.statistics().rules).to.deep.equal({ first: 1, second: 2 });
    });
  });
