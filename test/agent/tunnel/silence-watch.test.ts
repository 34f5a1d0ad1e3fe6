import { expect } from 'chai';
import type { Passage } from '../../../src/agent/tunnel/passages.ts';
import { SilenceWatch } from '../../../src/agent/tunnel/silence-watch.ts';
import type { TunnelPath } from '../../../src/model/tunnel.ts';

type Totals = readonly [sent: number, received: number];

const passage = (carrier: string, [sent, received]: Totals): Passage => ({
  carrier,
  sent: { packets: sent, bytes: sent * 100 },
  received: { packets: received, bytes: received * 100 },
});

/** Packets sent and received so far, by `a` and by `b`. */
type Look = readonly [a: Totals, b: Totals];

/** A look a second; gives the last. */
function watch(...looks: readonly Look[]): TunnelPath[] {
  const watched = new SilenceWatch();
  const seen = looks.map(([a, b], second) =>
    watched.look((second + 1) * 1e6, [passage('a', a), passage('b', b)]),
  );
  return seen.at(-1) ?? [];
}

const silencesOf = (paths: readonly TunnelPath[], name: string): unknown =>
  paths.find(({ tunnel }) => tunnel === name)?.silences.map(({ from, to }) => [from, to]);

describe('agent/tunnel/silence-watch', () => {
  it('gives each path its part of all bytes, and none of nothing', () => {
    const shares = (...looks: readonly Look[]): unknown =>
      watch(...looks).map(({ bytes, share }) => [bytes, share]);
    expect(
      shares([
        [1, 0],
        [1, 2],
      ]),
    ).to.deep.equal([
      [100, 0.25],
      [300, 0.75],
    ]);
    expect(
      shares([
        [0, 0],
        [0, 0],
      ]),
    ).to.deep.equal([
      [0, 0],
      [0, 0],
    ]);
  });

  const TALK = [
    [9, 9],
    [9, 9],
  ] as const;

  it('tells from when to when nothing came by a path that was sent to', () => {
    const dead = [
      TALK,
      [
        [20, 20],
        [20, 9],
      ],
      [
        [30, 30],
        [30, 9],
      ],
    ] as const;
    expect(silencesOf(watch(...dead), 'b')).to.deep.equal([[1e6, null]]);
    const back = watch(
      ...dead,
      [
        [40, 40],
        [40, 9],
      ],
      [
        [50, 50],
        [50, 12],
      ],
    );
    expect(silencesOf(back, 'b')).to.deep.equal([[1e6, 5e6]]);
    expect(silencesOf(back, 'a')).to.deep.equal([]);
  });

  it('takes a path that is not sent to for none that is silent', () =>
    expect(
      silencesOf(
        watch(
          TALK,
          [
            [20, 20],
            [9, 9],
          ],
          [
            [30, 30],
            [9, 9],
          ],
          [
            [40, 40],
            [9, 9],
          ],
        ),
        'b',
      ),
    ).to.deep.equal([]));

  it('takes a path that was left in the middle of sending for none that is silent', () =>
    expect(
      silencesOf(
        watch(
          TALK,
          [
            [9, 9],
            [15, 9],
          ],
          [
            [20, 20],
            [15, 9],
          ],
          [
            [30, 30],
            [15, 9],
          ],
        ),
        'b',
      ),
    ).to.deep.equal([]));

  it('takes a few packets that nothing comes upon for the end of a connection', () => {
    const rest = Array.from(
      { length: 20 },
      () =>
        [
          [9, 9],
          [11, 9],
        ] as const,
    );
    expect(silencesOf(watch(TALK, ...rest), 'b')).to.deep.equal([]);
  });

  it('waits for what WireGuard itself answers where all goes one way', () => {
    const oneWay = (seconds: number): TunnelPath[] =>
      watch(
        TALK,
        ...Array.from(
          { length: seconds },
          (_, at) =>
            [
              [9, 9],
              [20 + at, 9],
            ] as const,
        ),
      );
    expect(silencesOf(oneWay(11), 'b')).to.deep.equal([]);
    expect(silencesOf(oneWay(12), 'b')).to.deep.equal([[1e6, null]]);
  });
});
