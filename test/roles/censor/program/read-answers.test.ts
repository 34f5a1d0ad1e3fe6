import { expect } from 'chai';
import fc from 'fast-check';
import { encodeBase64 } from '../../../../src/base/base64.ts';
import { readAnswers } from '../../../../src/roles/censor/program/read-answers.ts';
import { V4, datagram, text } from '../playbook.ts';

const NAMES = new Set(['block']);
const faultOf = (item: unknown): string | undefined =>
  readAnswers(typeof item === 'string' ? item : JSON.stringify(item), NAMES).faults[0];

const PACKET = datagram(V4, text('hello'));

describe('readAnswers()', () => {
  it('reads one answer a line, or a batch, and leaves out what is not said', () => {
    expect(readAnswers('{"id":7}', NAMES)).to.deep.equal({
      answers: [
        {
          ...{ kind: 'verdict', id: 7, action: 'pass', flow: false, payload: null, inject: [] },
          ...{ data: undefined, note: null, error: null },
        },
      ],
      faults: [],
    });
    const batch = [
      { ready: 1 },
      { timer: 'tick', after: 20 },
      { note: 'hello' },
      { inject: [encodeBase64(PACKET)] },
      { id: 1, action: 'block', flow: true, payload: 'aGk=', data: { seen: 2 }, note: 'why' },
    ];
    const { answers, faults } = readAnswers(JSON.stringify(batch), NAMES);
    expect(faults).to.deep.equal([]);
    expect(answers.slice(0, 4)).to.deep.equal([
      { kind: 'ready' },
      { kind: 'timer', name: 'tick', after: 20 },
      { kind: 'note', text: 'hello' },
      { kind: 'inject', packets: [PACKET] },
    ]);
    expect(answers[4]).to.deep.include({ action: 'block', flow: true, data: '{"seen":2}' });
    expect(answers[4]).to.have.deep.property('payload', new TextEncoder().encode('hi'));
  });

  for (const [item, fault] of [
    ['nonsense', 'Expected JSON, found "nonsense"'],
    [[5], 'Expected an object, found "5"'],
    [
      { verdict: 'drop' },
      'Expected one of "id", "timer", "inject", "note" and "ready", found "verdict"',
    ],
    [{ ready: 2 }, 'Expected "ready": 1, found "2"'],
    [{ id: 'x' }, 'Expected the number of a packet as "id", found ""x""'],
    [
      { id: 3, action: 'blok' },
      'Verdict 3: expected "action" to be one of pass, drop, reset, block, found ""blok""',
    ],
    [{ id: 3, flow: 1 }, 'Verdict 3: expected "flow" to be true or false, found "1"'],
    [{ id: 3, payload: '*' }, 'Verdict 3: expected "payload" to be base64, found ""*""'],
    [{ id: 3, note: 4 }, 'Verdict 3: expected "note" to be a text, found "4"'],
    [
      { id: 3, inject: ['AAA='] },
      'Verdict 3: Packet 1 of "inject" is no IP packet: IP version is neither 4 nor 6',
    ],
    [
      { id: 3, data: 'x'.repeat(5000) },
      'Verdict 3: expected "data" of at most 4096 characters, found 5002',
    ],
    [{ inject: new Array(65).fill('') }, 'Expected "inject" to have at most 64 packets, found 65'],
    [{ timer: '', after: 1 }, 'Expected "timer" to be a name of 1 to 100 characters, found """"'],
    [
      { timer: 't', after: -1 },
      'Timer "t": expected "after" to be 0 to 86400000 milliseconds, found "-1"',
    ],
  ] as const)
    it(`says what is wrong with ${JSON.stringify(item).slice(0, 40)}`, () => {
      expect(faultOf(item)).to.equal(fault);
    });

  it('takes what is right in a batch where something is wrong', () => {
    const { answers, faults } = readAnswers('[{"id":1},{"id":0},{"id":2}]', NAMES);
    expect(answers).to.have.length(2);
    expect(faults).to.have.length(1);
  });

  it('never throws, whatever the line', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (line) => {
        readAnswers(line, NAMES);
      }),
    );
    fc.assert(
      fc.property(
        fc.record(
          {
            id: fc.anything(),
            action: fc.anything(),
            inject: fc.anything(),
            payload: fc.anything(),
            data: fc.anything(),
            timer: fc.anything(),
            after: fc.anything(),
          },
          { requiredKeys: [] },
        ),
        (item) => {
          readAnswers(JSON.stringify(item), NAMES);
        },
      ),
    );
  });
});
