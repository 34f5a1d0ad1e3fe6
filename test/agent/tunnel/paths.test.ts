import { expect } from 'chai';
import { withShares } from '../../../src/agent/tunnel/paths.ts';

describe('agent/tunnel/paths', () => {
  const path = (tunnel: string, bytes: number): Parameters<typeof withShares>[0][number] => ({
    ...{ tunnel, packets: bytes / 100, bytes },
  });

  it('withShares() gives each its part of all bytes', () =>
    expect(withShares([path('a', 100), path('b', 300)])).to.deep.equal([
      { ...path('a', 100), share: 0.25 },
      { ...path('b', 300), share: 0.75 },
    ]));

  it('withShares() gives nothing a share of nothing', () =>
    expect(withShares([path('a', 0)])).to.deep.equal([{ ...path('a', 0), share: 0 }]));
});
