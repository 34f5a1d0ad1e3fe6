import { expect } from 'chai';
import {
  type AttemptTrace,
  signalResidualBlocking,
} from '../../../src/analysis/signals/residual-blocking.ts';

const TUPLE = {
  protocol: 'tcp',
  source: '10.0.0.1',
  sourcePort: 40_000,
  destination: '10.0.0.2',
  destinationPort: 443,
} as const;

const at = (
  seconds: number,
  changes: Partial<AttemptTrace> & { port?: number } = {},
): AttemptTrace => {
  const { port = 443, ...others } = changes;
  return {
    flow: 'flow',
    tuple: { ...TUPLE, sourcePort: 40_000 + seconds * 10, destinationPort: port },
    interference: null,
    spoke: true,
    succeeded: true,
    time: seconds * 1e6,
    ...others,
  };
};

const stopped = (
  seconds: number,
  flow: string,
  spoke: boolean,
  changes: { port?: number; tuple?: AttemptTrace['tuple'] } = {},
): AttemptTrace =>
  at(seconds, {
    ...changes,
    flow,
    spoke,
    succeeded: false,
    interference: {
      cause: 'dropped',
      by: 'middle',
      time: seconds * 1e6,
      summary: 'SYN dropped by middle',
      proof: [{ capture: 'client.inside', frame: seconds, note: 'SYN' }],
    },
  });

const detailOf = (...traces: readonly AttemptTrace[]): string | undefined =>
  signalResidualBlocking(traces).get('later')?.detail;

describe('signalResidualBlocking()', () => {
  it('finds attempts that are stopped before they speak, and says for how long', () => {
    const traces = [
      stopped(1, 'forbidden', true),
      stopped(2, 'later', false),
      stopped(5, 'later', false),
      at(9, { flow: 'later' }),
    ];
    const found = signalResidualBlocking(traces);
    expect([...found.keys()]).to.deep.equal(['later']);
    const signal = found.get('later')!;
    expect(signal).to.include({ side: 'server', by: 'middle' });
    expect(signal.detail).to.equal(
      'stopped before it sent anything, 1.00 s after flow forbidden was: SYN dropped by middle; key: 3-tuple or wider (10.0.0.1 → 10.0.0.2 port 443); 2 attempts, the last 4.00 s after; open again 8.00 s after',
    );
    expect(signal.proof.map(({ note }) => note)).to.deep.equal(['SYN', 'SYN, of flow forbidden']);
  });

  it('narrows the key by another port that is open meanwhile', () => {
    const detail = detailOf(
      stopped(1, 'forbidden', true),
      at(2, { port: 80 }),
      stopped(3, 'later', false),
    );
    expect(detail).to.include('key: 3-tuple, another port was open');
  });

  it('tells a 2-tuple by a port that is closed only afterwards', () => {
    const detail = detailOf(
      at(0, { port: 80 }),
      stopped(1, 'forbidden', true),
      stopped(2, 'later', false, { port: 80 }),
    );
    expect(detail).to.include('key: 2-tuple (10.0.0.1 → 10.0.0.2)');
  });

  it('claims no more than the 4-tuple where the ports are the same', () => {
    const { tuple } = stopped(1, 'forbidden', true);
    const detail = detailOf(stopped(1, 'forbidden', true), stopped(2, 'later', false, { tuple }));
    expect(detail).to.include('key: at most 4-tuple');
  });

  for (const [name, traces] of [
    ['attempts stopped for what they say', [stopped(1, 'a', true), stopped(2, 'later', true)]],
    [
      'a port that is always closed',
      [stopped(1, 'a', true), stopped(2, 'later', false, { port: 80 })],
    ],
    ['what is stopped before anybody spoke', [stopped(1, 'a', false), stopped(2, 'later', false)]],
    [
      'an attempt that fails by itself',
      [stopped(1, 'a', true), at(2, { flow: 'later', succeeded: false })],
    ],
  ] as const)
    it(`says nothing of ${name}`, () => {
      expect(detailOf(...traces)).to.equal(undefined);
    });
});
