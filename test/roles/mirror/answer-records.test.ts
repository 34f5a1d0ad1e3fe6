import { expect } from 'chai';
import { AnswerRecords, putAnswerRecord } from '../../../src/roles/mirror/answer-records.ts';
import { buildTcp, buildUdp } from '../../../src/wire/build.ts';
import { concatBytes } from '../../../src/wire/bytes.ts';
import { PacketView } from '../../../src/wire/packet.ts';
import { emitTcpOptions } from '../../../src/wire/tcp-options.ts';
import { V4, V6 } from '../endpoint/tcp/playbook.ts';

const OPTIONS = emitTcpOptions([{ kind: 'timestamps', value: 5, echo: 6 }]);
const payload = Uint8Array.from({ length: 1000 }, (_, index) => index);
const PACKETS = [
  buildTcp({ ...V4, sequence: 7, flags: 16, payload, options: OPTIONS }),
  buildTcp({ ...V6, sequence: 8, flags: 18, options: OPTIONS }),
  buildUdp({ ...V6, payload: payload.subarray(0, 30) }),
];

function record(packet: Uint8Array, kept: number): Uint8Array {
  const view = new PacketView();
  // In the middle of other memory, as in a ring.
  const memory = concatBytes(new Uint8Array(9), packet, new Uint8Array(9));
  view.load(memory, 9, 9 + packet.length);
  const out = new Uint8Array(2000);
  return out.slice(7, putAnswerRecord(view, kept, out, 7));
}

describe('roles/mirror/answer-records', () => {
  for (const [kept, sizes] of [
    [0, [0, 0, 0]],
    [20, [20, 0, 20]],
    [Infinity, [1000, 0, 30]],
  ] as const)
    it(`putAnswerRecord() keeps headers and ${kept} bytes, which push() finds however they are cut`, () => {
      const stream = concatBytes(...PACKETS.map((packet) => record(packet, kept)));
      for (const size of [1, 33, 10_000]) {
        const records = new AnswerRecords();
        const found: unknown[] = [];
        for (let at = 0; at < stream.length; at += size)
          records.push(stream.subarray(at, at + size), new PacketView(), (view) =>
            found.push([view.version, view.sequence, view.payload.length, view.payloadLength]),
          );
        expect(found).to.deep.equal([
          [4, 7, sizes[0], 1000],
          [6, 8, sizes[1], 0],
          [6, 0, sizes[2], 30],
        ]);
        expect(records.unreadable).to.equal(0);
      }
    });

  it('push() passes over what is no packet', () => {
    const records = new AnswerRecords();
    let count = 0;
    const stream = concatBytes(Uint8Array.of(0, 3, 0, 3, 9, 9, 9), record(PACKETS[0]!, 0));
    records.push(stream, new PacketView(), () => (count += 1));
    expect([count, records.unreadable]).to.deep.equal([1, 1]);
  });
});
