import { expect } from 'chai';
import type { FieldEdit, FieldTest, RelayRule } from '../../../src/model/relay.ts';
import { planRehearsal } from '../../../src/roles/relay/rehearsal.ts';
import { compileProtocol } from '../../../src/wire/protocol/compile-protocol.ts';
import { MEMO, RAW, relaySpec, rule } from './playbook.ts';

const set = (path: string, value: number | string): FieldEdit => ({ kind: 'set', path, value });
const test = (path: string, ...values: FieldTest['values']): FieldTest => ({
  ...{ path, not: false, values },
});
const plan = (...rules: readonly RelayRule[]): ReturnType<typeof planRehearsal> =>
  planRehearsal(relaySpec({ rules }), compileProtocol(MEMO));

describe('roles/relay/rehearsal', () => {
  it('is of rules that edit, each with a message of each of its types that has the fields', () => {
    const asked = plan(
      rule('drop', { types: ['LOOSE'] }, [{ kind: 'drop' }]),
      rule(
        'edit',
        { types: ['ASK', 'TELL'], fields: [test('number', { kind: 'number', low: 9, high: 12 })] },
        [set('text', 'aabb'), { kind: 'drop' }],
      ),
      rule('back', { types: ['TELL'] }, [{ kind: 'havoc', path: 'text', edits: 2 }], {
        at: 'P->C',
      }),
    );
    const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
    expect(asked?.messages.client.map(hex)).to.deep.equal([
      '0400000a00000009aabb',
      '0500000a00000009aabb',
    ]);
    expect(asked?.messages.server.map(hex)).to.deep.equal(['050000090000000000']);
    expect(asked?.spec.rules.map((each) => each.do)).to.deep.equal([
      [set('text', 'aabb')],
      [{ kind: 'havoc', path: 'text', edits: 2 }],
    ]);
  });

  it('is of messages of every type that the protocol has, for a rule that names none', () => {
    const asked = plan(rule('edit', {}, [set('number', 7)]));
    const types = asked?.messages.client.map(([type]) => type);
    expect(types).to.deep.equal([1, 2, 3, 4, 5]);
  });

  it('has every message edited, and by this thread', () => {
    const { spec } =
      planRehearsal(
        relaySpec({
          workers: 2,
          rules: [
            rule(
              'seldom',
              {
                types: ['ASK'],
                nth: { kind: 'at', numbers: [7] },
                probability: 0.1,
                state: 'late',
              },
              [set('number', 1)],
            ),
          ],
        }),
        compileProtocol(MEMO),
      ) ?? expect.fail('nothing to rehearse');
    expect(spec.workers).to.equal(0);
    expect(spec.rules[0]?.match).to.deep.include({ nth: null, probability: 1, state: null });
  });

  it('does without a field that a message of the type cannot have', () => {
    const asked = plan(rule('edit', { types: ['ASK'] }, [set('nowhere', 1), set('number', 2)]));
    expect(asked?.messages.client).to.deep.equal([new Uint8Array([4, 0, 0, 8, 0, 0, 0, 2])]);
  });

  it('is of any message where the protocol has no types', () => {
    const rules = [rule('cut', {}, [{ kind: 'cut', bytes: 1 }])];
    const asked = planRehearsal(relaySpec({ protocol: RAW, rules }), compileProtocol(RAW));
    expect(asked?.messages.client.map(({ length }) => length)).to.deep.equal([64]);
  });

  it('is nothing where no message is edited', () => {
    expect(plan(rule('drop', { types: ['ASK'] }, [{ kind: 'drop' }]))).to.equal(null);
  });
});
