import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fault } from '../../src/base/fault.ts';
import { OnnxEvaluator } from '../../src/onnx/evaluator.ts';
import { findRuntime } from '../../src/onnx/find-runtime.ts';
import { smallModel } from './small-model.ts';

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const open: OnnxEvaluator[] = [];

function evaluatorOf(...contents: readonly string[]): OnnxEvaluator {
  const models = contents.map((content, index) => ({ file: `${index}.onnx`, content }));
  // The machine that runs the tests may be busy.
  const evaluator = new OnnxEvaluator(models, process.cwd(), 5000);
  open.push(evaluator);
  return evaluator;
}

describe('OnnxEvaluator', function () {
  this.timeout(30_000);
  afterEach(() => {
    for (const evaluator of open.splice(0)) evaluator.close();
  });

  it('computes what the model says, at once and again, of several models', () => {
    const evaluator = evaluatorOf(smallModel([1, -2], 0.5), smallModel([3], 0));
    for (const [model, inputs, wished] of [
      [0, [2, 1], sigmoid(0.5)],
      [1, [-1], sigmoid(-3)],
      [0, [0, 4], sigmoid(-7.5)],
    ] as const)
      expect(evaluator.evaluate(model, Float32Array.from(inputs))?.[0]).to.be.closeTo(wished, 1e-6);
    expect(evaluator.counters).to.deep.equal({ asked: 3, late: 0, failed: 0 });
  });

  it('has no answer to inputs that the model refuses, and goes on', () => {
    const evaluator = evaluatorOf(smallModel([1, 1], 0));
    expect(evaluator.evaluate(0, new Float32Array(3))).to.equal(null);
    expect(evaluator.evaluate(7, new Float32Array(2))).to.equal(null);
    expect(evaluator.evaluate(0, new Float32Array(5000))).to.equal(null);
    expect(evaluator.evaluate(0, new Float32Array(2))?.[0]).to.be.closeTo(0.5, 1e-6);
    expect(evaluator.counters.failed).to.equal(3);
  });

  it('does not wait for what takes too long, nor asks while that is computed', () => {
    const models = [{ file: 'm.onnx', content: smallModel(new Array<number>(4096).fill(1), 0) }];
    const evaluator = new OnnxEvaluator(models, process.cwd(), 0);
    open.push(evaluator);
    for (let turn = 0; turn < 5; turn += 1)
      expect(evaluator.evaluate(0, new Float32Array(4096))).to.equal(null);
    expect(evaluator.counters.late).to.equal(5);
  });

  it('refuses what is no model, and says which', () => {
    expect(() => evaluatorOf(smallModel([1], 0), Buffer.from('nonsense').toString('base64')))
      .to.throw(Fault)
      .with.property('message')
      .that.matches(/^A model cannot be loaded: "1\.onnx": /);
  });
});

describe('findRuntime()', () => {
  it('finds the package beside this one, or below the folder of the experiment', () => {
    const folder = mkdtempSync(join(tmpdir(), 'find-runtime-'));
    try {
      expect(findRuntime(folder)).to.include('onnxruntime-node');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
