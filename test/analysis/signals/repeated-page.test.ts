import { expect } from 'chai';
import { type SeenPage, signalRepeatedPages } from '../../../src/analysis/signals/repeated-page.ts';

const page = (
  flow: string,
  server: string,
  host: string,
  name: string,
  body = 'blocked',
): SeenPage => ({
  flow,
  server,
  host,
  response: { status: 403, fields: new Map([['server', name]]), body },
  proof: [{ capture: 'client.inside', frame: 4, note: flow }],
});

const ONE = page('one', '10.0.0.1', 'a.example', 'censor');
const TWO = page('two', '10.0.0.2', 'b.example', 'censor');
const HONEST = page('fine', '10.0.0.1', 'fine.example', 'nginx', 'welcome');

describe('signalRepeatedPages()', () => {
  it('finds one page from two servers, one of which is known by another name', () => {
    const found = signalRepeatedPages([ONE, TWO, HONEST]);
    expect([...found.keys()]).to.deep.equal(['one']);
    expect(found.get('one')!.detail).to.equal(
      'HTTP 403, the same page as 10.0.0.2 gave for "b.example"; Server "censor" where flow fine found "nginx" at 10.0.0.1',
    );
    expect(found.get('one')!.proof.map(({ note }) => note)).to.deep.equal(['one', 'two', 'fine']);
  });

  for (const [name, pages] of [
    ['servers that always answer so', [ONE, TWO]],
    ['one server that hosts both', [ONE, { ...TWO, server: ONE.server }, HONEST]],
    ['one host on two servers', [ONE, { ...TWO, host: ONE.host }, HONEST]],
    ['pages that differ', [ONE, page('two', '10.0.0.2', 'b.example', 'censor', 'other'), HONEST]],
  ] as const)
    it(`says nothing of ${name}`, () => {
      expect([...signalRepeatedPages(pages).keys()]).to.deep.equal([]);
    });
});
