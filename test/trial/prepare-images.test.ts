import type { ImageRecord } from '../../src/model/container.ts';
import { describeImages } from '../../src/trial/prepare-images.ts';
import { expect } from 'chai';

const image = (id: string, origin: ImageRecord['origin']): ImageRecord => ({
  node: id,
  name: 'x',
  id: `sha256:${id.repeat(64)}`,
  digest: null,
  origin,
});

describe('describeImages()', () => {
  const cases: [ImageRecord[], string][] = [
    [[image('a', 'built')], '1 image, 1 built, sha256:aaaaaaaaaaaa'],
    [
      [image('a', 'local'), image('b', 'pulled'), image('c', 'built')],
      '3 images, 1 built, 1 pulled',
    ],
    [
      [image('a', 'local'), { ...image('a', 'local'), node: 'other' }],
      '1 image, sha256:aaaaaaaaaaaa',
    ],
  ];
  for (const [images, text] of cases)
    it(`says "${text}"`, () => {
      expect(describeImages(images)).to.equal(text);
    });
});
