import { expect } from 'chai';
import { withMirror } from './mirror-lab.ts';

describe('agent/mirror', function () {
  this.timeout(60_000);

  for (const assistant of ['assistant', 'target'] as const)
    for (const address of ['10.190.0.1', 'fd90::1'])
      it(`copies requests to ${address} whole, with answers taken at ${assistant}`, () =>
        withMirror({ assistant }, async ({ serve, speak, finish, news, log, troubles }) => {
          const servers = [await serve('online', 9999), await serve('target', 10_231)];
          const said = await speak(['10', '10', '3000'], address);
          const { statistics } = await finish();
          const heard = await Promise.all(servers.map((server) => server.end()));
          expect(heard, log()).to.deep.equal([said, said]);
          const { sessions, copies, bytes, packets } = statistics;
          expect(sessions).to.deep.equal({ seen: 10, open: 0, refused: {} });
          expect(copies.endings).to.deep.equal({ finished: 10 });
          expect(bytes).to.include({ copied: 300_900, sent: 300_900, short: 0, waiting: 0 });
          expect(packets).to.include({ strays: 0, leaked: 0 });
          expect(news().filter(({ kind }) => kind === 'ended')).to.have.length(10);
          expect(troubles()).to.deep.equal([]);
        }));
});
