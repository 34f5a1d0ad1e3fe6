import { expect } from 'chai';
import { analyse } from '../../src/analysis/analyse.ts';
import { SIGNATURES } from '../../src/model/signature.ts';
import { EPOCH, type Segment, Tape, type TapeOptions } from './support/tape.ts';

const syn: Partial<Segment> = { flags: ['SYN'], sequence: 1000 };
const ack: Partial<Segment> = { sequence: 1001, acknowledgment: 5001 };
const data: Partial<Segment> = { ...ack, flags: ['PSH', 'ACK'], payload: 'hello' };
const more: Partial<Segment> = { ...data, sequence: 1006 };
const rst: Partial<Segment> = { flags: ['RST'], sequence: 1006, acknowledgment: 7 };
const other: Partial<Segment> = { ...rst, acknowledgment: 8 };
const bare: Partial<Segment> = { ...rst, acknowledgment: 0 };
const rstAck: Partial<Segment> = { flags: ['RST', 'ACK'], sequence: 1006, acknowledgment: 5001 };
const fin: Partial<Segment> = { flags: ['FIN', 'ACK'], sequence: 1006, acknowledgment: 5001 };

/** The signature of these packets of the client, in this order. */
function signature(
  segments: readonly Partial<Segment>[],
  options: TapeOptions = {},
): string | null {
  const tape = new Tape(options);
  for (const [index, segment] of segments.entries())
    tape.pass(index * 10, { forward: true, ...segment });
  const [verdict] = analyse(tape.evidence(tape.observation({ end: EPOCH + 2e6 })));
  return verdict!.signature;
}

describe('signatureOf()', () => {
  for (const [segments, expected] of [
    [[syn], '⟨SYN→∅⟩'],
    [[syn, syn], '⟨SYN→∅⟩'],
    [[syn, rst], '⟨SYN→RST⟩'],
    [[syn, rstAck], '⟨SYN→RST+ACK⟩'],
    [[syn, rstAck, rst], '⟨SYN→RST;RST+ACK⟩'],
    [[syn, ack], '⟨SYN;ACK→∅⟩'],
    [[syn, ack, rst], '⟨SYN;ACK→RST⟩'],
    [[syn, ack, rst, other], '⟨SYN;ACK→RST;RST⟩'],
    [[syn, ack, rstAck, rstAck], '⟨SYN;ACK→RST+ACK;RST+ACK⟩'],
    [[syn, ack, data], '⟨PSH+ACK→∅⟩'],
    [[syn, ack, data, data], '⟨PSH+ACK→∅⟩'],
    [[syn, ack, data, rst], '⟨PSH+ACK→RST⟩'],
    [[syn, ack, data, rstAck], '⟨PSH+ACK→RST+ACK⟩'],
    [[syn, ack, data, rst, rstAck], '⟨PSH+ACK→RST;RST+ACK⟩'],
    [[syn, ack, data, rst, rst], '⟨PSH+ACK→RST=RST⟩'],
    [[syn, ack, data, rst, other], '⟨PSH+ACK→RST≠RST⟩'],
    [[syn, ack, data, rst, bare], '⟨PSH+ACK→RST;RST₀⟩'],
    [[syn, ack, data, more, rst], '⟨PSH+ACK;Data→RST⟩'],
    [[syn, ack, data, more, rstAck], '⟨PSH+ACK;Data→RST+ACK⟩'],
    [[syn, ack, data, fin], null],
    [[syn, ack, data, fin, rst], null],
    [[], null],
  ] as const)
    it(`gives ${expected ?? 'nothing'} after ${segments.length} packets`, () => {
      expect(signature(segments)).to.equal(expected);
      if (expected !== null) expect(SIGNATURES).to.include(expected);
    });

  it('needs a capture of the server', () => {
    expect(signature([syn, rst], { captured: ['client.inside'] })).to.equal(null);
  });

  it('is of TCP alone', () => {
    expect(signature([{ payload: 'query' }], { protocol: 'udp' })).to.equal(null);
  });
});
