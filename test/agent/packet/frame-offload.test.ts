import { expect } from 'chai';
import { finishChecksum, wirePacketLength } from '../../../src/agent/packet/frame-offload.ts';
import { buildUdp } from '../../../src/wire/build.ts';
import { PacketView } from '../../../src/wire/packet.ts';
import { pseudoHeaderSum } from '../../../src/wire/checksum.ts';
import { writeU16 } from '../../../src/wire/bytes.ts';

const START = 10;
const address = (last: number): { family: 4; bytes: Uint8Array } => ({
  family: 4,
  bytes: Uint8Array.of(10, 0, 0, last),
});
const packet = buildUdp({
  source: address(1),
  destination: address(2),
  sourcePort: 5,
  destinationPort: 6,
  payload: new Uint8Array(101).fill(3),
});

/** A frame behind a virtio_net_hdr, its UDP checksum left to the hardware: only the pseudo header is summed. */
function unfinished(flags: number, gsoType: number): Uint8Array {
  const memory = new Uint8Array(START + 14 + packet.length);
  // flags, gso_type, hdr_len 42, gso_size 1400, csum_start 34, csum_offset 6
  memory.set([flags, gsoType, 42, 0, 0x78, 5, 34, 0, 6, 0]);
  memory.set(packet, START + 14);
  const at = START + 14;
  const sum = pseudoHeaderSum(memory, at + 12, at + 16, 4, 17, packet.length - 20);
  writeU16(memory, at + 26, (sum & 0xffff) + (sum >>> 16));
  return memory;
}

describe('agent/packet/frame-offload', () => {
  it('finishChecksum() fills in what the hardware would have, once', () => {
    const memory = unfinished(1, 0);
    finishChecksum(memory, START, memory.length);
    const view = new PacketView();
    expect(view.load(memory, START + 14, memory.length)).to.equal(true);
    expect(view.verifyTransportChecksum()).to.equal('valid');
    expect(memory.subarray(START + 14)).to.deep.equal(packet);
    finishChecksum(memory, START, memory.length);
    expect(memory.subarray(START + 14)).to.deep.equal(packet);
  });

  it('finishChecksum() leaves whole frames, and those still to be segmented, as they are', () => {
    for (const [flags, gsoType] of [
      [0, 0],
      [1, 1],
    ] as const) {
      const memory = unfinished(flags, gsoType);
      const before = memory.slice();
      finishChecksum(memory, START, memory.length);
      expect(memory).to.deep.equal(before);
    }
  });

  it('finishChecksum() writes nothing beyond the frame', () => {
    const memory = unfinished(1, 0);
    memory[6] = 0xff;
    memory[7] = 0xff;
    const before = memory.slice();
    finishChecksum(memory, START, memory.length);
    expect(memory).to.deep.equal(before);
  });

  it('wirePacketLength() is that of one segment where the interface segments', () => {
    expect(wirePacketLength(unfinished(0, 0), START, START + 14 + packet.length)).to.equal(
      packet.length,
    );
    expect(wirePacketLength(unfinished(1, 1), START, START + 60_000)).to.equal(42 - 14 + 1400);
  });
});
