import { expect } from 'chai';
import fc from 'fast-check';
import { endpointOf, indexCapture } from '../../src/analysis/capture-index.ts';
import type { CaptureFile } from '../../src/analysis/evidence.ts';
import { concatBytes } from '../../src/wire/bytes.ts';
import { LINKTYPE, encodePcapRecord, writePcapHeader } from '../../src/wire/pcap.ts';
import { Tape } from './support/tape.ts';

const ALWAYS = { from: 0, to: Infinity };

const fileOf = (bytes: Uint8Array): CaptureFile => ({
  capture: 'client.inside',
  node: 'client',
  network: 'inside',
  bytes,
});

describe('indexCapture()', () => {
  for (const family of [4, 6] as const)
    it(`finds a conversation from either side and tells directions, over IPv${family}`, () => {
      const tape = new Tape({ family });
      tape.handshake();
      const [capture] = tape.captures();
      const index = indexCapture(capture!);
      const tuple = tape.observation().fiveTuple!;
      const conversation = index.find(tuple)!;
      const swapped = index.find({
        ...tuple,
        source: tuple.destination,
        sourcePort: tuple.destinationPort,
        destination: tuple.source,
        destinationPort: tuple.sourcePort,
      });
      expect(swapped).to.equal(conversation);
      const initiator = endpointOf(tuple.source, tuple.sourcePort)!;
      const packets = index.packets(conversation, initiator, ALWAYS);
      expect(packets.map(({ forward, frame }) => [forward, frame])).to.deep.equal([
        [true, 1],
        [false, 2],
        [true, 3],
      ]);
      expect(index.find({ ...tuple, sourcePort: 1 })).to.equal(null);
    });

  it('reads raw IP, and knows that a cut payload has no digest', () => {
    const tape = new Tape();
    const packet = tape.packet({ forward: true, payload: 'hello hello', sequence: 1 });
    const bytes = concatBytes(
      writePcapHeader(LINKTYPE.LINKTYPE_RAW, 44),
      encodePcapRecord(5, packet.subarray(0, 44), packet.length),
    );
    const index = indexCapture(fileOf(bytes));
    const tuple = tape.observation().fiveTuple!;
    const initiator = endpointOf(tuple.source, tuple.sourcePort)!;
    const [seen] = index.packets(index.find(tuple)!, initiator, ALWAYS);
    expect(seen).to.include({ length: 11, digest: null });
    expect(seen!.payload()).to.have.length(4);
  });

  it('never throws, whatever the frames hold', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 120 }), { maxLength: 10 }), (frames) => {
        const records = frames.map((frame, at) => encodePcapRecord(at, frame));
        expect(
          indexCapture(fileOf(concatBytes(writePcapHeader(), ...records))).conversations,
        ).to.be.an('array');
      }),
    );
  });

  it('reads what is whole of a capture that was cut off', () => {
    const tape = new Tape();
    tape.handshake();
    const { bytes } = tape.captures()[0]!;
    for (let cut = 0; cut < bytes.length; cut += 7)
      expect(indexCapture(fileOf(bytes.subarray(0, cut))).conversations.length).to.be.at.most(1);
  });
});
