import { expect } from 'chai';
import fc from 'fast-check';
import { concatBytes } from '../../src/wire/bytes.ts';
import { encodePcapRecord, writePcapHeader } from '../../src/wire/pcap.ts';
import { mergeToPcapng, pcapngChunks } from '../../src/wire/pcapng.ts';

interface Block {
  readonly type: number;
  readonly body: DataView;
}

/** Walks the blocks, checking that both lengths agree and that they fill the file. */
function blocksOf(bytes: Uint8Array): Block[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const blocks: Block[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = view.getUint32(at + 4, true);
    expect(length % 4).to.equal(0);
    expect(view.getUint32(at + length - 4, true)).to.equal(length);
    const body = new DataView(bytes.buffer, bytes.byteOffset + at + 8, length - 12);
    blocks.push({ type: view.getUint32(at, true), body });
    at += length;
  }
  return blocks;
}

const capture = (name: string, times: readonly number[]): { name: string; bytes: Uint8Array } => ({
  name,
  bytes: concatBytes(
    writePcapHeader(),
    ...times.map((time) => encodePcapRecord(time, new Uint8Array((time % 7) + 1), 1500)),
  ),
});

describe('mergeToPcapng()', () => {
  it('writes a section, an interface for each capture, and packets in order of time', () => {
    const merged = mergeToPcapng([
      capture('client.inside', [10, 30, 50]),
      capture('server.outside', [20, 30, 40]),
    ]);
    const blocks = blocksOf(merged);
    expect(blocks.map(({ type }) => type)).to.deep.equal([0x0a0d0d0a, 1, 1, 6, 6, 6, 6, 6, 6]);
    const packets = blocks.slice(3).map(({ body }) => ({
      source: body.getUint32(0, true),
      nanos: body.getUint32(4, true) * 2 ** 32 + body.getUint32(8, true),
      length: body.getUint32(16, true),
    }));
    expect(packets.map(({ nanos }) => nanos / 1000)).to.deep.equal([10, 20, 30, 30, 40, 50]);
    expect(packets.map(({ source }) => source)).to.deep.equal([0, 1, 0, 1, 1, 0]);
    expect(packets.every(({ length }) => length === 1500)).to.equal(true);
  });

  it('corrects times before it orders', () => {
    const packet = (time: number): Uint8Array => encodePcapRecord(time, new Uint8Array(1), 1);
    const file = (...times: readonly number[]): Uint8Array =>
      concatBytes(writePcapHeader(), ...times.map(packet));
    const clock = { offset: 3_700_000, at: 4_000_000, drift: 40, error: 1, samples: 1 };
    const merged = mergeToPcapng([
      { name: 'client.inside', bytes: file(4_000_010, 5_000_010) },
      { name: 'server.outside', bytes: file(300_000, 1_300_000), clock },
    ]);
    const packets = blocksOf(merged).filter(({ type }) => type === 6);
    const nanos = packets.map(
      ({ body }) => body.getUint32(4, true) * 2 ** 32 + body.getUint32(8, true),
    );
    expect(packets.map(({ body }) => body.getUint32(0, true))).to.deep.equal([1, 0, 0, 1]);
    expect(nanos).to.deep.equal([4_000_000_000, 4_000_010_000, 5_000_010_000, 5_000_040_000]);
  });

  it('keeps the interface name', () => {
    const [, description] = blocksOf(mergeToPcapng([capture('a.b', [])]));
    const { body } = description ?? expect.fail('no interface');
    expect([body.getUint16(8, true), body.getUint16(10, true)]).to.deep.equal([2, 3]);
    expect(String.fromCharCode(...[12, 13, 14].map((at) => body.getUint8(at)))).to.equal('a.b');
  });

  it('leaves out what is no pcap file', () => {
    const blocks = blocksOf(mergeToPcapng([{ name: 'empty', bytes: new Uint8Array(0) }]));
    expect(blocks).to.have.length(1);
  });

  it('loses no packet, whatever the files hold', () => {
    const times = fc.array(fc.nat(1000), { maxLength: 30 });
    fc.assert(
      fc.property(fc.array(times, { maxLength: 5 }), (files) => {
        const merged = mergeToPcapng(
          files.map((file, index) =>
            capture(
              `c${index}`,
              file.toSorted((a, b) => a - b),
            ),
          ),
        );
        const packets = blocksOf(merged).filter(({ type }) => type === 6);
        expect(packets).to.have.length(files.flat().length);
      }),
    );
  });
});

describe('pcapngChunks()', () => {
  it('gives the bytes of mergeToPcapng() in several pieces', () => {
    const record = encodePcapRecord(1, new Uint8Array(60_000));
    const bytes = concatBytes(writePcapHeader(), ...Array.from({ length: 50 }, () => record));
    const chunks = [...pcapngChunks([{ name: 'big', bytes }])];
    expect(chunks.length).to.be.greaterThan(2);
    expect(concatBytes(...chunks)).to.deep.equal(mergeToPcapng([{ name: 'big', bytes }]));
  });
});
