import { expect } from 'chai';
import { type Milestone, awaitedOf, mayGo } from '../../../src/agent/container/order.ts';

const web = { node: 'web', dependsOn: [] };
const cache = { node: 'cache', dependsOn: [] };
const app = {
  node: 'app',
  dependsOn: [
    { container: 'web', condition: 'healthy' },
    { container: 'cache', condition: 'started' },
  ],
} as const;
const all = [app, web, cache];
const names = (reached: readonly string[]): string[] =>
  mayGo(all, (node: string, milestone: Milestone) => reached.includes(`${node} ${milestone}`)).map(
    ({ node }) => node,
  );

describe('mayGo()', () => {
  it('gives all that depend on nothing at once', () =>
    expect(names([])).to.deep.equal(['web', 'cache']));
  it('holds back until every condition is met', () => {
    expect(names(['web started', 'cache started'])).not.to.contain('app');
    expect(names(['web healthy', 'cache started'])).to.contain('app');
  });
});

describe('awaitedOf()', () => {
  it('gives what others wait for', () => {
    expect([...awaitedOf('web', all)]).to.deep.equal(['healthy']);
    expect([...awaitedOf('app', all)]).to.deep.equal([]);
  });
});
