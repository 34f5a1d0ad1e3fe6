import { expect } from 'chai';
import { MIRROR_TIMEOUTS } from '../../../../src/model/mirror-defaults.ts';
import { withMirror } from './mirror-lab.ts';

const V4 = '10.190.0.1';
const V6 = 'fd90::1';

describe('agent/mirror', function () {
  this.timeout(60_000);

  for (const assistant of ['assistant', 'target'] as const)
    it(`copies what clients say over IPv4 and IPv6, with answers taken at ${assistant}`, () =>
      withMirror({ assistant }, async ({ serve, speak, finish, news, log, troubles }) => {
        const servers = [await serve('online', 9999), await serve('target', 10_231)];
        const said = await Promise.all([
          speak(['5', '10', '3000'], V4),
          speak(['5', '10', '3000'], V6),
        ]);
        const { statistics } = await finish();
        const heard = await Promise.all(servers.map((server) => server.end()));
        const all = said.flat().toSorted();
        expect(heard, log()).to.deep.equal([all, all]);
        const { sessions, copies, bytes, packets } = statistics;
        expect(sessions).to.deep.equal({ seen: 10, open: 0, refused: {} });
        expect(copies.endings).to.deep.equal({ finished: 10 });
        expect(bytes).to.include({ copied: 300_900, sent: 300_900, short: 0, waiting: 0 });
        expect(packets).to.include({ strays: 0, leaked: 0 });
        expect(news().filter(({ kind }) => kind === 'ended')).to.have.length(10);
        expect(troubles()).to.deep.equal([]);
      }));

  it('copies uploads in segments that interfaces have joined, and compares the answers', () =>
    withMirror(
      { offload: true, compare: { protocol: 'bytes', ignoreHeaders: [], limit: 10 } },
      async ({ serve, speak, finish, log, troubles }) => {
        const servers = [await serve('online', 9999), await serve('target', 10_231)];
        const said = await speak(['2', '3', '2000000']);
        const { statistics, comparison } = await finish();
        const heard = await Promise.all(servers.map((server) => server.end()));
        expect(heard, log()).to.deep.equal([said, said]);
        expect(statistics.bytes.short).to.equal(0);
        expect(comparison).to.include({ pairs: 6, different: 0, missing: 0, extra: 0 });
        expect(troubles()).to.deep.equal([]);
      },
    ));

  it('tells what a target that refuses has not got, which clients do not notice', () =>
    withMirror({ assistant: 'target' }, async ({ serve, speak, finish, troubles }) => {
      const server = await serve('online', 9999);
      const said = await speak(['5', '2', '100']);
      const { statistics } = await finish();
      expect(await server.end()).to.deep.equal(said);
      expect(statistics.copies.endings).to.deep.equal({ 'refused-by-target': 5 });
      expect(statistics.bytes).to.include({ copied: 1080, sent: 0, short: 1080 });
      expect(troubles()).to.deep.equal([]);
    }));

  it("counts the target's packets that come to clients", () => {
    const timeouts = { ...MIRROR_TIMEOUTS, establish: 300 };
    return withMirror({ isLeaking: true, timeouts }, async ({ serve, speak, finish }) => {
      const servers = [await serve('online', 9999), await serve('target', 10_231)];
      const said = await speak(['2', '2', '100']);
      const { statistics } = await finish();
      expect(await servers[0]?.end()).to.deep.equal(said);
      expect(statistics.packets.leaked).to.be.at.least(2);
      expect(statistics.copies.endings).to.deep.equal({ 'no-connection': 2 });
      expect(statistics.bytes).to.include({ copied: 432, sent: 0, short: 432 });
    });
  });

  it('connects again when the target has ended the connection before its client', () =>
    withMirror({ assistant: 'target' }, async ({ serve, speak, finish, troubles }) => {
      const servers = [await serve('online', 9999), await serve('target', 10_231, ['2'])];
      const said = await speak(['2', '6', '100']);
      const { statistics } = await finish();
      const [online, target] = await Promise.all(servers.map((server) => server.end()));
      expect(online).to.deep.equal(said);
      const bytes = (target ?? []).map((line) => Number(line.split(' ')[1]));
      expect(bytes.reduce((sum, one) => sum + one, 0)).to.equal(2 * 6 * 108);
      expect(statistics.bytes.short).to.equal(0);
      expect(statistics.reopened)
        .to.equal(bytes.length - 2)
        .and.to.be.greaterThan(0);
      expect(troubles()).to.deep.equal([]);
    }));
});
