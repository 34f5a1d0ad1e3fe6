import { expect } from 'chai';
import type { ProtocolSpec } from '../../../../src/model/protocol.ts';
import type { FuzzSpec, Mutation } from '../../../../src/model/relay.ts';
import { FUZZ, MEMO, Play, memo } from '../playbook.ts';

/** TELL says by its flags what is wrong with what has its number; LOOSE answers ASK. */
const ANSWERED: ProtocolSpec = {
  ...MEMO,
  answers: { id: 'number', errors: { TELL: ['flags'] }, replies: { ASK: ['LOOSE'] } },
};
const SECOND: Mutation = {
  at: 'C->P',
  type: 'ASK',
  nth: 2,
  edits: [{ kind: 'set', path: 'text', value: 'ffff' }],
};

const play = (fuzz: Partial<FuzzSpec> = {}, protocol = ANSWERED): Play =>
  new Play({ protocol, fuzz: { ...FUZZ, only: [SECOND], ...fuzz } });

/** Three questions, of which the second is mutated. */
function asked(fuzz: Partial<FuzzSpec> = {}, protocol = ANSWERED): Play {
  const asking = play(fuzz, protocol);
  asking.hear('client', memo('ASK', 1, 2), memo('ASK', 2, 2), memo('ASK', 3, 2));
  expect(asking.got('server').slice(18, 20)).to.deep.equal(Uint8Array.of(0xff, 0xff));
  return asking;
}

const refusal = (number: number, flags: number): Uint8Array => {
  const bytes = memo('TELL', number);
  bytes[1] = flags;
  return bytes;
};
const answers = ({ findings }: Play): readonly string[] => findings.map(({ answer }) => answer);

describe('roles/relay/findings/witness', () => {
  it('finds an error that answers the mutated message, with its words', () => {
    const asking = asked();
    asking.hear('server', memo('LOOSE', 1), refusal(2, 7), memo('LOOSE', 3));
    asking.pass(5000);
    expect(asking.findings).to.deep.equal([
      { session: 1, message: 2, mutation: SECOND, answer: 'TELL 7' },
    ]);
    expect(asking.relay.statistics().findings).to.deep.equal({ 'TELL 7': 1 });
  });

  it('finds nothing where messages that were not mutated are answered so too', () => {
    const asking = asked();
    asking.hear('server', refusal(1, 7), refusal(2, 7), memo('LOOSE', 3));
    asking.pass(5000);
    expect(answers(asking)).to.deep.equal([]);
  });

  it('finds silence when the time is over, and none where others are not answered either', () => {
    const asking = asked();
    asking.hear('server', memo('LOOSE', 1), memo('LOOSE', 3));
    asking.pass(499);
    expect(answers(asking)).to.deep.equal([]);
    asking.pass(1);
    expect(answers(asking)).to.deep.equal(['silence']);
    const silent = asked();
    silent.pass(5000);
    expect(answers(silent)).to.deep.equal([]);
  });

  it('finds the end of the connection of its receiver, in time and before any other', () => {
    const reset = asked();
    reset.session.failed('server', 'ECONNRESET', reset.now);
    expect(answers(reset)).to.deep.equal(['reset']);
    const ended = asked({}, MEMO);
    ended.session.ended('server', ended.now);
    expect(answers(ended)).to.deep.equal(['end']);
    const late = asked({}, MEMO);
    late.pass(600);
    late.session.ended('server', late.now);
    expect(answers(late)).to.deep.equal([]);
    const other = asked();
    other.session.ended('client', other.now);
    other.session.failed('server', 'ECONNRESET', other.now);
    expect(answers(other)).to.deep.equal([]);
  });

  it('tells what was drawn as edits that do the same again', () => {
    const drawn = play({ only: [], count: 1 });
    drawn.hear('client', memo('ASK', 9, 20), memo('ASK', 8, 20));
    const sent = drawn.got('server');
    drawn.session.failed('server', 'ECONNRESET', drawn.now);
    const [finding] = drawn.findings;
    expect(finding?.mutation).to.include({ at: 'C->P', type: 'ASK', nth: 1 });
    const again = play({ only: finding === undefined ? [] : [finding.mutation] });
    again.hear('client', memo('ASK', 9, 20), memo('ASK', 8, 20));
    expect(again.got('server')).to.deep.equal(sent);
    again.session.failed('server', 'ECONNRESET', again.now);
    expect(again.findings).to.deep.equal(drawn.findings);
  });

  it('tells of what another thread has mutated', () => {
    const away = new Play({ protocol: ANSWERED, workers: 1, fuzz: { ...FUZZ, only: [SECOND] } });
    away.hear('client', memo('ASK', 1, 2), memo('ASK', 2, 2));
    expect(away.work.get(1)).to.include({ fuzzed: true, nth: 2 });
    const { edits: mutations } = SECOND;
    away.session.processed(1, { bytes: memo('ASK', 2, 5), audits: [], mutations }, away.now);
    away.session.failed('server', 'ECONNRESET', away.now);
    expect(away.findings).to.deep.equal([
      { session: 1, message: 2, mutation: SECOND, answer: 'reset' },
    ]);
  });
});
