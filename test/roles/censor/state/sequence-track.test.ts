import { expect } from 'chai';
import { SequenceTrack } from '../../../../src/roles/censor/state/sequence-track.ts';

describe('roles/censor/sequence-track', () => {
  const walks: readonly (readonly [string, readonly (readonly [number, number])[], number])[] = [
    [
      'in order',
      [
        [0, 10],
        [10, 20],
      ],
      20,
    ],
    [
      'twice the same',
      [
        [0, 10],
        [0, 10],
      ],
      10,
    ],
    [
      'a gap',
      [
        [0, 10],
        [20, 30],
      ],
      10,
    ],
    [
      'a gap filled',
      [
        [0, 10],
        [20, 30],
        [10, 20],
      ],
      30,
    ],
    [
      'a long stretch ahead',
      [
        [0, 10],
        [20, 30],
        [30, 40],
        [10, 20],
      ],
      40,
    ],
    [
      'a stretch growing backwards',
      [
        [0, 10],
        [30, 40],
        [20, 30],
        [10, 20],
      ],
      40,
    ],
    [
      'an overlap',
      [
        [0, 10],
        [5, 15],
      ],
      15,
    ],
    [
      'the end of sequence space',
      [
        [0xfffffff0, 5],
        [5, 9],
      ],
      9,
    ],
  ];
  for (const [what, segments, wish] of walks)
    it(`advance() follows ${what}`, () => {
      const track = new SequenceTrack();
      for (const [sequence, end] of segments) track.advance(sequence, end);
      expect(track.next).to.equal(wish);
    });

  it('acknowledge() heals a gap and does not believe what never went through', () => {
    const track = new SequenceTrack();
    track.advance(0, 10);
    track.advance(20, 30);
    track.acknowledge(1000);
    expect(track.next).to.equal(10);
    track.acknowledge(30);
    expect(track.next).to.equal(30);
    track.acknowledge(5);
    expect(track.next).to.equal(30);
  });

  it('forget() starts anew', () => {
    const track = new SequenceTrack();
    track.advance(0, 10);
    track.forget();
    track.acknowledge(500);
    expect(track.next).to.equal(500);
  });
});
