import { expect } from 'chai';
import fc from 'fast-check';
import { splitTrace } from '../../../src/analysis/traces/split-trace.ts';
import { seededRandom } from '../../../src/base/random.ts';
import type { Trace } from '../../../src/model/trace.ts';
import { policyOf } from '../../roles/tunnel/policies.ts';
import { traceOf } from './made-traces.ts';

const PATHS = ['1', '2', '3'];
const PACKETS = { kind: 'packets', count: 2 } as const;

/** The packets of parts, in the order of the whole. */
const joined = (parts: readonly Trace[]): [number, number][] =>
  parts
    .flatMap(({ start, times, sizes }) =>
      times.map((time, index): [number, number] => [start + time, sizes[index] ?? 0]),
    )
    .sort(([left], [right]) => left - right);

describe('analysis/traces/split-trace', () => {
  it('splitTrace() goes round by packets, and begins each part at 0', () => {
    const trace = traceOf([100, -200, 300, -400, 500, -600, 700], { step: 1000, start: 50 });
    const parts = splitTrace(
      trace,
      policyOf('round-robin', { every: PACKETS }),
      PATHS,
      seededRandom(1),
    );
    expect(parts.map(({ path, start, times, sizes }) => ({ path, start, times, sizes })))
      .to.deep //
      .equal([
        { path: 'client.wg0.1', start: 50, times: [0, 1000, 6000], sizes: [100, -200, 700] },
        { path: 'client.wg0.2', start: 2050, times: [0, 1000], sizes: [300, -400] },
        { path: 'client.wg0.3', start: 4050, times: [0, 1000], sizes: [500, -600] },
      ]);
  });

  it('splitTrace() goes by milliseconds of the trace where periods are time', () => {
    const trace = traceOf([1, 2, 3, 4], { step: 100_000 });
    const parts = splitTrace(trace, policyOf('round-robin'), PATHS, seededRandom(1));
    expect(parts.map(({ sizes }) => sizes)).to.deep.equal([
      [1, 2],
      [3, 4],
    ]);
  });

  it('splitTrace() loses no packet and invents none, whatever the policy', () => {
    const policies = [
      policyOf('none'),
      ...(['uniform', 'dirichlet', 'round-robin'] as const).map((name) =>
        policyOf(name, { every: PACKETS }),
      ),
      policyOf('weighted', { weights: [1, 3, 6] }),
      policyOf('batched', { every: PACKETS, batch: { low: 1, high: 5 } }),
      policyOf('trace', { trace: [{ at: 5, to: '3' }] }),
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...policies),
        fc.integer({ min: 0, max: 1e9 }),
        fc.array(fc.integer({ min: -1500, max: 1500 }), { minLength: 1, maxLength: 200 }),
        (policy, seed, sizes) => {
          const trace = traceOf(sizes, { step: 700 });
          const parts = splitTrace(trace, policy, PATHS, seededRandom(seed));
          expect(joined(parts)).to.deep.equal(joined([trace]));
          for (const part of parts) expect(part.times[0]).to.equal(0);
          expect(splitTrace(trace, policy, PATHS, seededRandom(seed))).to.deep.equal(parts);
        },
      ),
    );
  });

  it('splitTrace() splits each trace by draws of its own', () => {
    const policy = policyOf('uniform', { every: { kind: 'packets', count: 1 } });
    const split = (visit: number): unknown =>
      splitTrace(
        { ...traceOf(new Array<number>(60).fill(1), {}), visit },
        policy,
        PATHS,
        seededRandom(1),
      ).map(({ times }) => times);
    expect(split(1)).not.to.deep.equal(split(2));
  });
});
