import { expect } from 'chai';
import { SegmentTemplates } from '../../../src/agent/raw/segment-templates.ts';
import { packetsOf } from '../../../src/roles/endpoint/tcp/packets.ts';
import type { TcpSegment } from '../../../src/roles/endpoint/tcp/segment.ts';
import { ip } from '../../roles/forward/router.ts';

const ENDS = {
  source: ip('10.0.0.1'),
  destination: ip('10.0.0.2'),
  sourcePort: 1,
  destinationPort: 2,
};
const FIRST: TcpSegment = {
  ...{ origin: 'script', flags: 0x18, sequence: 0xfffffff0, acknowledgment: 7, window: 500, id: 9 },
  options: Uint8Array.of(1, 1, 1, 1),
  payload: Buffer.from('hello'),
};

const written = (templates: SegmentTemplates, segment: TcpSegment): Uint8Array | null => {
  const template = templates.fit(segment, ENDS);
  if (!template) return null;
  const out = new Uint8Array(template.length);
  template.write(out, 0);
  return out;
};

describe('agent/raw/segment-templates', () => {
  it('fit() writes what packetsOf() gives for segments that differ in numbers alone', () => {
    const templates = new SegmentTemplates();
    expect(written(templates, FIRST), 'the first of its kind').to.equal(null);
    for (const [sequence, acknowledgment, window, id] of [
      [0xfffffff5, 7, 500, 10],
      [3, 0x8000_0000, 0, 0xffff],
      [8, 1, 0xffff, 0],
    ] as const) {
      const options = Uint8Array.from(FIRST.options);
      const next = { ...FIRST, sequence, acknowledgment, window, id, options };
      expect(written(templates, next)).to.deep.equal(
        Uint8Array.from(packetsOf(next, ENDS)[0] ?? []),
      );
    }
  });

  const others: readonly Partial<TcpSegment>[] = [
    { payload: Buffer.from('hello') },
    { flags: 0x10 },
    { options: Uint8Array.of(1, 1, 1, 0) },
    { options: new Uint8Array(0) },
    { ttl: 3 },
    { urgentPointer: 1 },
    { checksum: 'wrong' },
    { trafficClass: 8 },
    { flowLabel: 1 },
    { dontFragment: false },
    { ipChecksum: 'wrong' },
    { dataOffset: 5 },
    { reserved: 1 },
    { moreFragments: true },
    { fragmentOffset: 8 },
    { fragments: [8] },
  ];
  for (const other of others)
    it(`fit() has none for a segment with another ${Object.keys(other).join()}`, () => {
      const templates = new SegmentTemplates();
      templates.fit(FIRST, ENDS);
      expect(templates.fit({ ...FIRST, ...other }, ENDS)).to.equal(null);
      expect(templates.fit(FIRST, ENDS), 'after the other').to.equal(null);
    });

  it('fit() has none between other ends, nor for a segment in fragments again', () => {
    const templates = new SegmentTemplates();
    templates.fit(FIRST, ENDS);
    expect(templates.fit(FIRST, { ...ENDS, sourcePort: 3 })).to.equal(null);
    const cut = { ...FIRST, fragments: [24] };
    templates.fit(cut, ENDS);
    expect(templates.fit(cut, ENDS)).to.equal(null);
  });
});
