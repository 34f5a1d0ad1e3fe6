// What becomes of the bytes of messages, and what is written down of it.
import { expect } from 'chai';
import type { RelayRule } from '../../../../src/model/relay.ts';
import { FUZZ, MEMO, Play, RAW, memo, rule } from '../playbook.ts';

const edit = (name: string, operations: RelayRule['do'], overrides: Partial<RelayRule> = {}) =>
  rule(name, { types: ['ASK'] }, operations, overrides);

describe('roles/relay/process/processor', () => {
  it('edits fields in the order of the rules, and writes each change down', () => {
    const rules = [
      edit('first', [
        { kind: 'set', path: 'number', value: 7 },
        { kind: 'add', path: 'number', value: 3 },
      ]),
      edit('second', [{ kind: 'xor', path: 'number', value: 1 }]),
    ];
    const play = new Play({ rules });
    play.hear('client', memo('STRICT', 1), memo('ASK', 2, 4));
    expect(play.numbers('server')).to.deep.equal([1, 11]);
    const subject = { time: play.now, session: 1, at: 'C->P', message: 2, type: 'ASK' };
    const number = { ...subject, field: 'number' };
    expect(play.audits).to.deep.equal([
      { ...number, rule: 'first', operation: 'set', old: '2', new: '7' },
      { ...number, rule: 'first', operation: 'add', old: '7', new: '10' },
      { ...number, rule: 'second', operation: 'xor', old: '10', new: '11' },
    ]);
    expect(play.relay.statistics().rules).to.deep.equal({ first: 1, second: 1 });
  });

  it('puts lengths right where that is wished', () => {
    const grow = [{ kind: 'insert', path: 'text', at: 0, hex: 'aabbcc' }] as const;
    const fixed = new Play({ rules: [edit('grow', grow)] });
    fixed.hear('client', memo('ASK', 1, 2), memo('STRICT', 2));
    expect(fixed.numbers('server')).to.deep.equal([1, 2]);
    const broken = new Play({ rules: [edit('grow', grow, { fixup: [] })] });
    broken.hear('client', memo('ASK', 1, 2));
    expect([broken.got('server')[3], broken.got('server').length]).to.deep.equal([10, 13]);
  });

  it('lies about the length behind what puts it right', () => {
    const play = new Play({
      rules: [
        edit('lie', [
          { kind: 'truncate', path: 'text', bytes: 1 },
          { kind: 'corrupt-length', value: null, add: 5 },
        ]),
      ],
    });
    play.hear('client', memo('ASK', 1, 4));
    expect([play.got('server')[3], play.got('server').length]).to.deep.equal([14, 9]);
  });

  it('edits what replaces a message', () => {
    const message = { kind: 'fields', type: 'TELL', values: [] } as const;
    const play = new Play({
      rules: [
        edit('new', [
          { kind: 'set', path: 'number', value: 5 },
          { kind: 'replace', message },
        ]),
      ],
    });
    play.hear('client', memo('ASK', 1, 8), memo('ASK', 1));
    expect(play.got('server')).to.deep.equal(Uint8Array.of(...memo('TELL', 5), ...memo('TELL', 5)));
  });

  it('judges at the second hook what the first has made, also by another type', () => {
    const play = new Play({
      rules: [
        edit('turn', [{ kind: 'set', path: 'kind', value: 'TELL' }]),
        rule('told', { types: ['TELL'] }, [{ kind: 'drop' }], { at: 'P->S' }),
      ],
    });
    play.hear('client', memo('ASK', 1), memo('STRICT', 2));
    expect(play.numbers('server')).to.deep.equal([2]);
    expect(play.audits.at(-1)).to.include({ at: 'P->S', type: 'TELL', rule: 'told' });
  });

  it('sends an earlier message as it came, not as it was edited', () => {
    const earlier = { kind: 'earlier', type: 'ASK', from: 'client' } as const;
    const play = new Play({
      rules: [
        edit('change', [{ kind: 'set', path: 'number', value: 50 }]),
        rule('again', { types: ['STRICT'] }, [
          { kind: 'inject', where: 'after', message: earlier },
        ]),
      ],
    });
    play.hear('client', memo('ASK', 1), memo('STRICT', 2));
    expect(play.numbers('server')).to.deep.equal([50, 2, 1]);
  });

  it('draws by the seed, for each message by itself', () => {
    const drawn = (seed: number): readonly number[] => {
      const random = {
        kind: 'random',
        path: 'number',
        low: 0,
        high: 60_000,
        prefix: null,
      } as const;
      const play = new Play({ rules: [edit('random', [random])] }, { seed });
      for (let number = 0; number < 20; number += 1) play.hear('client', memo('ASK', number));
      return play.numbers('server');
    };
    expect(drawn(1)).to.deep.equal(drawn(1));
    expect(drawn(1)).to.not.deep.equal(drawn(2));
    expect(new Set(drawn(1)).size).to.be.greaterThan(15);
  });

  it('mutates messages by the seed, counts them, and writes down what it did', () => {
    const run = (seed: number) => {
      const play = new Play({ fuzz: FUZZ }, { seed });
      for (let number = 0; number < 30; number += 1)
        play.hear('client', memo('ASK', number, 10), memo('STRICT', number));
      return play;
    };
    const first = run(1);
    expect(run(1).got('server')).to.deep.equal(first.got('server'));
    expect(run(2).got('server')).to.not.deep.equal(first.got('server'));
    expect(first.relay.statistics().fuzzed).to.equal(30);
    expect(first.audits.length).to.be.within(25, 90);
    for (const record of first.audits) {
      expect(record).to.include({ rule: 'fuzz', type: 'ASK', at: 'C->P' });
      expect(record).to.include.keys('field', 'old', 'new');
    }
  });

  it('mutates no more messages than it may', () => {
    const play = new Play({ fuzz: { ...FUZZ, count: 2 } });
    for (let number = 0; number < 9; number += 1) play.hear('client', memo('ASK', number));
    expect(play.relay.statistics().fuzzed).to.equal(2);
    expect(new Set(play.audits.map(({ message }) => message))).to.deep.equal(new Set([1, 2]));
  });

  it('changes nothing where a path finds nothing', () => {
    const rules = [rule('none', {}, [{ kind: 'set', path: 'absent', value: 1 }])];
    const play = new Play({ rules, protocol: { ...RAW, enums: MEMO.enums } });
    play.hear('client', memo('ASK', 1));
    expect([play.got('server'), play.audits]).to.deep.equal([memo('ASK', 1), []]);
  });
});
