import { expect } from 'chai';
import { parseSplit } from '../../../src/cli/traces/split-option.ts';

const parse = (text: string, file = '') => parseSplit(text, '--split', () => file);

describe('cli/traces/split-option', () => {
  it('parseSplit() takes a policy alone, with what its authors had', () => {
    expect(parse('uniform')).to.deep.equal({
      paths: ['1', '2', '3'],
      policy: {
        policy: 'uniform',
        every: { kind: 'packets', count: 50 },
        weights: [],
        alpha: 1,
        batch: null,
        trace: null,
      },
    });
    expect(parse('batched').policy).to.deep.include({
      every: { kind: 'packets', count: 1 },
      batch: { low: 50, high: 70 },
    });
  });

  it('parseSplit() takes settings', () => {
    expect(parse('round-robin,every=200ms,paths=5')).to.deep.include({
      paths: ['1', '2', '3', '4', '5'],
    });
    expect(parse('round-robin,every=200ms').policy.every).to.deep.equal({ kind: 'time', ms: 200 });
    expect(parse('round-robin,every=1packet').policy.every).to.deep.equal({
      kind: 'packets',
      count: 1,
    });
    expect(parse('weighted, weights=.1/.3/.6/0').policy.weights).to.deep.equal([0.1, 0.3, 0.6, 0]);
    expect(parse('weighted,weights=1/2').paths).to.deep.equal(['1', '2']);
    expect(parse('dirichlet,alpha=0.5').policy.alpha).to.equal(0.5);
    expect(parse('batched,batch=10-60').policy.batch).to.deep.equal({ low: 10, high: 60 });
    expect(parse('batched,batch=5').policy.batch).to.deep.equal({ low: 5, high: 5 });
  });

  it('reads switches between paths that have names', () => {
    const { policy, paths } = parse(
      'trace,file=s.txt',
      '0 wgnet2\n200 1\n400 wgnet3\n500 wgnet1\n',
    );
    expect(paths).to.deep.equal(['wgnet1', 'wgnet2', 'wgnet3']);
    expect(policy.trace?.map(({ to }) => to)).to.deep.equal([
      'wgnet2',
      'wgnet1',
      'wgnet3',
      'wgnet1',
    ]);
  });

  it('parseSplit() reads switches from a file', () => {
    const { policy } = parse('trace,file=s.txt', '# of a run\n0 2\n\n 200.5, 1 # back\n');
    expect(policy).to.deep.include({
      every: { kind: 'time', ms: 1 },
      trace: [
        { at: 0, to: '2' },
        { at: 200.5, to: '1' },
      ],
    });
  });

  for (const [text, fault, file] of [
    ['', 'Expected a policy in --split, found ""'],
    ['unifrom', 'Expected a policy in --split, found "unifrom"'],
    ['uniform,weights=1/2', 'Expected a setting of the policy "uniform" in --split'],
    ['uniform,every', 'Expected a value such as "every=200ms" in --split, found "every"'],
    ['uniform,every=200', 'Expected a duration such as "200ms" or "50packets" as "every"'],
    ['uniform,every=0ms', 'as "every" in --split, found "0ms"'],
    ['uniform,every=0packets', 'as "every" in --split, found "0packets"'],
    ['uniform,paths=0', 'Expected a whole number from 1 to 64 as "paths"'],
    ['uniform,paths=65', 'found "65"'],
    ['weighted', 'The policy "weighted" in --split has no weights'],
    ['weighted,weights=0/0', 'Expected weights such as "0.1/0.3/0.6", not all 0,'],
    ['weighted,weights=1/-2', 'found "1/-2"'],
    ['weighted,weights=1/2,paths=3', 'Expected 3 weights, one a path, in --split, found "1/2"'],
    ['dirichlet,alpha=0', 'Expected a number above 0 as "alpha" in --split, found "0"'],
    ['batched,batch=9-3', 'Expected "batch" from the smaller to the larger in --split'],
    ['batched,batch=0', 'Expected a whole number from 1 to 1000000 as "batch"'],
    ['trace', 'The policy "trace" in --split has no file'],
    ['trace,file=s', 'Expected from 1 to 1000000 switches, found 0 in "s"', '# nothing\n'],
    [
      'trace,file=s,paths=2',
      'Expected 3 paths, as the file names them, in --split, found "2"',
      '1 c\n2 a\n3 b\n',
    ],
    [
      'trace,file=s',
      'Expected milliseconds and a path such as "200 2", found "200" in s:1',
      '200\n',
    ],
    ['trace,file=s', 'Expected a path from 1 to 3, found "4" in s:2', '0 1\n9 4\n'],
    ['trace,file=s', 'Expected times in their order, found "3 2" in s:2', '9 1\n3 2\n'],
  ] as const)
    it(`parseSplit() refuses ${JSON.stringify(text)}: ${fault}`, () => {
      expect(() => parse(text, file)).to.throw(fault);
    });
});
