import { expect } from 'chai';
import { withMirror } from '../mirror-lab.ts';

/** Bytes and hashes: a mirror's connections have ports of their own. */
const withoutPorts = (lines: readonly string[]): readonly string[] =>
  lines.map((line) => line.slice(line.indexOf(' '))).toSorted();

describe('agent/mirror/stream', function () {
  this.timeout(60_000);

  it('says to the target what clients say, and compares the answers, over IPv4 and IPv6', () =>
    withMirror(
      { mode: 'stream', compare: { protocol: 'bytes', ignoreHeaders: [], limit: 10 } },
      async ({ serve, speak, finish, news, log, troubles }) => {
        const servers = [await serve('online', 9999), await serve('target', 10_231)];
        const said = await Promise.all([
          speak(['5', '10', '3000'], '10.190.0.1'),
          speak(['2', '3', '2000000'], 'fd90::1'),
        ]);
        const { statistics, comparison } = await finish();
        const heard = await Promise.all(servers.map((server) => server.end()));
        const all = withoutPorts(said.flat());
        expect(heard.map(withoutPorts), log()).to.deep.equal([all, all]);
        const { sessions, copies, bytes } = statistics;
        expect(sessions).to.deep.equal({ seen: 7, open: 0, refused: {} });
        expect(copies).to.include({ begun: 7, whole: 7, short: 0 });
        expect(copies.endings).to.deep.equal({ finished: 7 });
        expect(bytes).to.include({ copied: bytes.sent, short: 0, waiting: 0 });
        expect(comparison).to.include({ pairs: 56, different: 0, missing: 0, extra: 0 });
        expect(news().filter(({ kind }) => kind === 'ended')).to.have.length(7);
        expect(troubles()).to.deep.equal([]);
      },
    ));

  it('tells what a target that refuses has not got, which clients do not notice', () =>
    withMirror({ mode: 'stream' }, async ({ serve, speak, finish, troubles }) => {
      const server = await serve('online', 9999);
      const said = await speak(['5', '2', '100']);
      const { statistics } = await finish();
      expect(withoutPorts(await server.end())).to.deep.equal(withoutPorts(said));
      expect(statistics.copies.endings).to.deep.equal({ 'refused-by-target': 5 });
      expect(statistics.bytes).to.include({ copied: 1080, sent: 0, short: 1080 });
      expect(troubles()).to.deep.equal([]);
    }));

  it('tells what a target has not got that ends its connection before the client does', () =>
    withMirror({ mode: 'stream' }, async ({ serve, speak, finish }) => {
      const servers = [await serve('online', 9999), await serve('target', 10_231, ['2'])];
      const said = await speak(['2', '6', '100', '20']);
      const { statistics } = await finish();
      const [online] = await Promise.all(servers.map((server) => server.end()));
      expect(withoutPorts(online ?? [])).to.deep.equal(withoutPorts(said));
      expect(statistics.copies.endings).to.deep.equal({ 'closed-by-target': 2 });
      expect(statistics.bytes).to.include({ copied: 1296, sent: 432, short: 864 });
    }));

  it('leaves out who is no client of its, and carries them all the same', () =>
    withMirror({ mode: 'stream', clients: ['10.9.0.0/16'] }, async ({ serve, speak, finish }) => {
      const servers = [await serve('online', 9999), await serve('target', 10_231)];
      const said = await speak(['3', '2', '100']);
      const { statistics } = await finish();
      const [online, target] = await Promise.all(servers.map((server) => server.end()));
      expect(withoutPorts(online ?? [])).to.deep.equal(withoutPorts(said));
      expect(target).to.deep.equal([]);
      expect(statistics.sessions).to.deep.equal({
        seen: 3,
        open: 0,
        refused: { 'not-a-client': 3 },
      });
    }));
});
