import { expect } from 'chai';
import { shapeOf } from '../../src/onnx/session.ts';

describe('shapeOf()', () => {
  for (const [shape, count, wished] of [
    [undefined, 3, [1, 3]],
    [[3], 3, [3]],
    [['batch', 3], 3, [1, 3]],
    [[1, 1, 28, 28], 784, [1, 1, 28, 28]],
    [['batch', 'features'], 5, [1, 5]],
    [[1, 4], 5, [1, 5]],
  ] as const)
    it(`gives ${count} numbers the shape ${wished.join('×')} where the model asks for ${shape?.join('×') ?? 'nothing'}`, () => {
      const inputMetadata = shape === undefined ? undefined : [{ shape }];
      expect(shapeOf({ ...(inputMetadata && { inputMetadata }) }, count)).to.deep.equal(wished);
    });
});
