import { expect } from 'chai';
import { NODES, planNetwork } from '../support/plans.ts';
import { EPOCH, type Leg, Tape, type TapeOptions, impairment } from '../support/tape.ts';
import { signalsOf } from './signals-of.ts';

const HELLO = { forward: true, sequence: 1001, acknowledgment: 5001, payload: 'hello' } as const;
const TIMEOUT = { failure: 'generic_timeout_error', operation: 'tls_handshake', end: EPOCH + 3e6 };

/** A handshake, and what the client says afterwards again and again. */
function repeated(leg: Leg, options: TapeOptions = {}, times = [60, 260, 660, 1460]): Tape {
  const tape = new Tape(options);
  tape.handshake();
  for (const time of times) tape.pass(time, HELLO, leg);
  return tape;
}

describe('signalSilentDrop()', () => {
  it('proves that a node ate it, how often and after what', () => {
    const tape = repeated({ to: 'middle.inside' });
    const [signal, ...others] = signalsOf(tape, 'silent-drop', TIMEOUT);
    expect(others).to.deep.equal([]);
    expect(signal).to.include({ side: 'server', by: 'middle' });
    expect(signal!.detail).to.equal(
      'data, seq 1, 5 bytes, from 10.10.1.1:40000, sent 4 times in 1.40 s; dropped by middle; after SYN had come through',
    );
  });

  it('tells it by silence where only the client captures, and blames nobody', () => {
    const tape = repeated({}, { captured: ['client.inside'] });
    const [signal] = signalsOf(tape, 'silent-drop', TIMEOUT);
    expect(signal).not.to.have.property('by');
    expect(signal!.detail).to.include('sent 4 times in 1.40 s; never acknowledged');
    expect(signal!.detail).to.match(/no capture lies beyond client\.inside$/);
    expect(signal!.proof.map(({ frame }) => frame)).to.deep.equal([4, 5, 6, 7]);
  });

  it('sees what is dropped towards the client', () => {
    const tape = new Tape();
    tape.handshake();
    tape.pass(60, HELLO);
    for (const time of [90, 290, 690])
      tape.pass(
        time,
        { forward: false, sequence: 5001, acknowledgment: 1006, payload: 'answer' },
        { to: 'middle.outside' },
      );
    const [signal] = signalsOf(tape, 'silent-drop', TIMEOUT);
    expect(signal).to.include({ side: 'client', by: 'middle' });
  });

  it('says nothing of what one retransmission made up for', () => {
    const tape = repeated({ to: 'middle.inside' }, {}, [60]);
    tape.pass(260, HELLO);
    expect(signalsOf(tape, 'silent-drop', TIMEOUT)).to.deep.equal([]);
  });

  it('says nothing of what a link loses', () => {
    const { client, middle, server } = NODES;
    const lossy = impairment({ lossRatio: 1 });
    const networks = [
      planNetwork('inside', [client, middle]),
      planNetwork('outside', [middle, server], { middle: lossy }),
    ];
    const tape = repeated({ to: 'middle.outside' }, { plan: { networks } });
    expect(signalsOf(tape, 'silent-drop', TIMEOUT)).to.deep.equal([]);
  });

  it('says nothing of a sender that was told why', () => {
    const tape = repeated({}, { captured: ['client.inside'] });
    tape.pass(1470, { forward: false, flags: ['RST'], sequence: 5001 });
    expect(signalsOf(tape, 'silent-drop', TIMEOUT)).to.deep.equal([]);
  });

  it('says nothing of what is eaten by a censor that answers for the server', () => {
    const tape = repeated({ to: 'middle.inside' }, {}, [60]);
    tape.pass(66, { forward: false, flags: ['RST'], sequence: 5001 }, { from: 'middle.inside' });
    expect(
      signalsOf(tape, 'silent-drop', { ...TIMEOUT, failure: 'connection_reset' }),
    ).to.deep.equal([]);
  });

  it('says nothing of a segment or two without an answer yet', () => {
    const tape = repeated({}, { captured: ['client.inside'] }, [60, 260]);
    expect(signalsOf(tape, 'silent-drop', TIMEOUT)).to.deep.equal([]);
  });

  it('leaves policing to its own detector', () => {
    const tape = repeated({ to: 'middle.inside' });
    tape.pass(1600, { ...HELLO, sequence: 1006 });
    expect(signalsOf(tape, 'silent-drop', TIMEOUT)).to.deep.equal([]);
  });
});
