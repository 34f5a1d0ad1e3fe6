import { expect } from 'chai';
import { carriedVisits, carrierPaths } from '../../../src/analysis/traces/carried-check.ts';
import { traceOf } from './made-traces.ts';

const client = { node: 'client' };
const PLAN = {
  tunnels: [
    { name: 'wgnet1', over: [], client },
    { name: 'wgnet2', over: [], client },
    { name: 'wg0', over: ['wgnet1', 'wgnet2'], client },
  ],
};

describe('carrierPaths()', () => {
  it('gives the captures of tunnels that carry others', () => {
    expect([...carrierPaths(PLAN)]).to.deep.equal(['client.wgnet1', 'client.wgnet2']);
    const bundles = [{ over: ['wgnet1'], client: 'client' }];
    expect([...carrierPaths({ bundles })]).to.deep.equal(['client.wgnet1']);
    expect([...carrierPaths({})]).to.deep.equal([]);
  });
});

describe('carriedVisits()', () => {
  const paths = carrierPaths(PLAN);

  it('sums what each visit left on the tunnels, by its traces and by their captures', () => {
    const traces = [
      traceOf([100, -200], { path: 'client.wgnet1' }),
      traceOf([300], { path: 'client.wgnet2' }),
      traceOf([999], { path: 'client.wg0' }),
      traceOf([50], { path: 'client.wgnet1', visit: 2 }),
    ];
    const cuts = [
      { site: 'page', visit: 1, path: 'client.wgnet1', bytes: 300 },
      { site: 'page', visit: 1, path: 'client.wgnet2', bytes: 300 },
      { site: 'page', visit: 1, path: 'client.wg0', bytes: 5 },
      { site: 'page', visit: 2, path: 'client.wgnet1', bytes: 90 },
      { site: 'page', visit: 3, path: 'client.wgnet2', bytes: 7 },
    ];
    expect(carriedVisits(paths, traces, cuts)).to.deep.equal([
      { site: 'page', visit: 1, traced: 600, carried: 600 },
      { site: 'page', visit: 2, traced: 50, carried: 90 },
      { site: 'page', visit: 3, traced: 0, carried: 7 },
    ]);
  });
});
