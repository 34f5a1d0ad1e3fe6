import { expect } from 'chai';
import { HeldSegments } from '../../../src/roles/intercept/held-segments.ts';
import { PacketView } from '../../../src/wire/packet.ts';
import { V4, clientData, text } from '../censor/playbook.ts';

const view = (payload: Uint8Array, offset = 0): PacketView => {
  const packet = clientData(V4, payload, offset);
  const loaded = new PacketView();
  expect(loaded.load(packet, 0, packet.length)).to.equal(true);
  return loaded;
};

/** The beginning of a record of a handshake. */
const RECORD = Uint8Array.of(22, 3, 1, 2, 0);

describe('roles/intercept/held-segments', () => {
  it('hold() keeps what may be a ClientHello and what follows, and release() sends it on in order', () => {
    const total = { bytes: 0 };
    const held = new HeldSegments(total);
    const packets = [view(RECORD), view(text('more'), RECORD.length)];
    for (const packet of packets) expect(held.hold(packet)).to.equal(true);
    const wanted = packets.map(({ memory }) => memory.slice());
    for (const { memory } of packets) memory.fill(0);
    const emitted: unknown[] = [];
    const effects = {
      emit: (packet: Uint8Array, at: number, origin: string) =>
        emitted.push([packet.slice(), at, origin]),
      report: () => undefined,
    };
    expect(total.bytes).to.equal(wanted.reduce((sum, { length }) => sum + length, 0));
    expect(held.release(7, effects)).to.deep.equal(wanted);
    expect(emitted).to.deep.equal(wanted.map((packet) => [packet, 7, 'forwarded']));
    expect([held.isOver, held.isEmpty, total.bytes]).to.deep.equal([true, true, 0]);
    expect(held.hold(view(RECORD))).to.equal(false);
  });

  it('hold() keeps nothing that no ClientHello begins with', () => {
    const held = new HeldSegments({ bytes: 0 });
    expect(held.hold(view(text('GET / HTTP/1.1')))).to.equal(false);
    expect(held.hold(view(new Uint8Array(0)))).to.equal(false);
    expect(held.isEmpty).to.equal(true);
  });

  it('hold() keeps only so much of one flow, and of all', () => {
    const total = { bytes: 0 };
    const long = new Uint8Array(1400).fill(22);
    const fill = (held: HeldSegments): number => {
      let count = 0;
      while (held.hold(view(long, count * long.length))) count += 1;
      return count;
    };
    const first = fill(new HeldSegments(total));
    expect(first).to.be.within(20, 30);
    const flows: HeldSegments[] = [];
    for (;;) {
      const held = new HeldSegments(total);
      flows.push(held);
      if (fill(held) === 0) break;
    }
    expect(total.bytes).to.be.within(16_777_216 - 1500, 16_777_216);
    flows[0]?.take();
    expect(fill(new HeldSegments(total))).to.equal(first);
  });
});
