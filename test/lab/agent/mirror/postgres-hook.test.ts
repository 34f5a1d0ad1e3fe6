// A real PostgreSQL behind both servers of a mirror: copies of its clients' sessions are accepted.
import { expect } from 'chai';
import { METHODS, PASSWORD, PostgresServer } from '../../protocols/postgres-server.ts';
import { type MirrorLab, withMirror } from './mirror-lab.ts';

const WISH = {
  assistant: 'target',
  compare: { protocol: 'postgres', ignoreHeaders: [], limit: 10 },
  hook: { kind: 'postgres', passwords: [{ user: '*', variable: 'OTHERS' }] },
} as const;
const USERS = Object.keys(METHODS);

describe('agent/mirror and PostgreSQL', function () {
  this.timeout(120_000);
  const server = new PostgresServer();
  before(() => server.start());
  after(() => server.stop());

  /** Each user asks who they are, of a server that has both roles; gives what the clients were answered. */
  async function ask({ lead, start }: MirrorLab): Promise<readonly string[]> {
    await Promise.all([lead('online', 9999, server.socket), lead('target', 10_231, server.socket)]);
    const options = 'sslmode=disable gssencmode=disable dbname=postgres host=10.190.0.1 port=9999';
    const answers = USERS.map((user) => {
      const words = [`${options} user=${user}`, '-Atc', 'SELECT current_user', '-c', 'SELECT 2'];
      const environment = [`PGPASSWORD=${PASSWORD}`];
      return start('client', ['env', ...environment, 'psql', ...words]).lines;
    });
    return (await Promise.all(answers)).flat();
  }

  it('copies are accepted, whatever the target asks them for', () =>
    withMirror(
      WISH,
      async (lab) => {
        const answers = await ask(lab);
        const { statistics, comparison } = await lab.finish();
        expect(answers).to.deep.equal(USERS.flatMap((user) => [user, '2']));
        expect(statistics.copies, lab.log()).to.deep.include({
          ...{ begun: 4, whole: 4, short: 0 },
          endings: { finished: 4 },
        });
        expect(comparison).to.deep.include({ pairs: 8, different: 0, missing: 0, extra: 0 });
        expect(lab.log()).to.not.include(PASSWORD);
        expect(lab.troubles()).to.deep.equal([]);
      },
      { 'env:OTHERS': PASSWORD },
    ));

  it('clients do not notice that a copy has another password, which is told', () =>
    withMirror(
      WISH,
      async (lab) => {
        const answers = await ask(lab);
        const { statistics } = await lab.finish();
        expect(answers).to.deep.equal(USERS.flatMap((user) => [user, '2']));
        expect(statistics.copies.endings).to.deep.equal({ finished: 1, 'hook-failed': 3 });
        expect(lab.log()).to.include('password authentication failed for user "scram"');
      },
      { 'env:OTHERS': 'another' },
    ));
});
