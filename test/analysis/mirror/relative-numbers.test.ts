import { expect } from 'chai';
import { RelativeNumbers } from '../../../src/analysis/mirror/relative-numbers.ts';
import { buildTcp, buildUdp } from '../../../src/wire/build.ts';
import { PacketView } from '../../../src/wire/packet.ts';
import { TCP_FLAG } from '../../../src/wire/tcp.ts';
import { address } from '../support/tape.ts';

const ENDS = {
  source: address('10.0.0.1'),
  destination: address('10.0.0.2'),
  ...{ sourcePort: 40_000, destinationPort: 80 },
};

function viewOf(bytes: Uint8Array): PacketView {
  const view = new PacketView();
  view.load(bytes, 0, bytes.length);
  return view;
}

const segment = (sequence: number, acknowledgment: number, ...names: (keyof typeof TCP_FLAG)[]) =>
  viewOf(
    buildTcp({
      ...{ ...ENDS, sequence, acknowledgment },
      flags: names.reduce((sum, name) => sum | TCP_FLAG[name], 0),
    }),
  );

describe('RelativeNumbers', () => {
  it('counts from the SYN, beyond 2^32 as well', () => {
    const numbers = new RelativeNumbers();
    expect(numbers.of(segment(0xffff_ffff, 0, 'SYN'), 'a', 'b')).to.deep.equal({
      ...{ sequence: 0, acknowledgment: null },
    });
    expect(numbers.of(segment(9, 0, 'SYN', 'ACK'), 'b', 'a')).to.deep.equal({
      ...{ sequence: 0, acknowledgment: 1 },
    });
    expect(numbers.of(segment(0, 10, 'ACK'), 'a', 'b')).to.deep.equal({
      ...{ sequence: 1, acknowledgment: 1 },
    });
  });

  it('knows from the answer alone where the other began', () => {
    const numbers = new RelativeNumbers();
    numbers.of(segment(500, 0, 'SYN', 'ACK'), 'b', 'a');
    expect(numbers.of(segment(501, 7, 'ACK'), 'b', 'a')).to.deep.equal({
      ...{ sequence: 1, acknowledgment: 8 },
    });
  });

  it('takes what is first for what follows the beginning, where that was not seen', () => {
    const numbers = new RelativeNumbers();
    expect(numbers.of(segment(500, 70, 'ACK'), 'a', 'b')).to.deep.equal({
      ...{ sequence: 1, acknowledgment: 1 },
    });
    expect(numbers.of(segment(75, 520, 'ACK'), 'b', 'a')).to.deep.equal({
      ...{ sequence: 6, acknowledgment: 21 },
    });
  });

  it('counts anew when the same ends begin again', () => {
    const numbers = new RelativeNumbers();
    numbers.of(segment(500, 70, 'ACK'), 'a', 'b');
    numbers.of(segment(90_000, 0, 'SYN'), 'a', 'b');
    numbers.of(segment(8000, 90_001, 'SYN', 'ACK'), 'b', 'a');
    expect(numbers.of(segment(90_001, 8001, 'ACK'), 'a', 'b')).to.deep.equal({
      ...{ sequence: 1, acknowledgment: 1 },
    });
  });

  it('has none of datagrams', () => {
    const view = viewOf(buildUdp({ ...ENDS, payload: Uint8Array.of(1) }));
    expect(new RelativeNumbers().of(view, 'a', 'b')).to.deep.equal({
      ...{ sequence: null, acknowledgment: null },
    });
  });
});
