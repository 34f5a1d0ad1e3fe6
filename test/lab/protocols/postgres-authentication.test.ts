// Sessions that a PostgreSQL server of today accepts, of clients that have proved themselves to another.
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { expect } from 'chai';
import type { PostgresCrypto } from '../../../src/roles/mirror/postgres/crypto.ts';
import { Reauthentication } from '../../../src/roles/mirror/postgres/reauthenticate.ts';
import { PostgresReader } from '../../../src/roles/mirror/compare/postgres-reader.ts';
import { concatBytes } from '../../../src/wire/bytes.ts';
import { buildMessage, buildPasswordMessage, buildStartup } from '../../../src/wire/postgres.ts';
import { METHODS, PASSWORD, PostgresServer } from './postgres-server.ts';

const CRYPTO: PostgresCrypto = {
  md5: (bytes) => createHash('md5').update(bytes).digest(),
  sha256: (bytes) => createHash('sha256').update(bytes).digest(),
  hmac: (key, bytes) => createHmac('sha256', key).update(bytes).digest(),
  pbkdf2: (password, salt, iterations) => pbkdf2Sync(password, salt, iterations, 32, 'sha256'),
  nonce: () => randomBytes(18).toString('base64'),
};
const text = (words: string): Uint8Array => Buffer.from(words, 'latin1');
const query = (words: string): Uint8Array => buildMessage('Q', text(`${words}\0`));

/** What became of a session of `user`, whose client says a query and leaves. */
async function replay(
  server: PostgresServer,
  user: string,
  password: string,
): Promise<{ answers: string[]; faults: string[]; said: string }> {
  const faults: string[] = [];
  const answers: string[] = [];
  let said = '';
  const socket = connect(server.socket);
  const reader = new PostgresReader();
  const output = {
    request: () => undefined,
    answer: ({ status }: { readonly status: string }) => answers.push(status),
  };
  const hook = new Reauthentication(
    { passwordOf: () => Buffer.from(password), crypto: CRYPTO },
    {
      say: (bytes) => {
        said += Buffer.from(bytes).toString('latin1');
        reader.said(bytes, true, output);
        socket.write(bytes.slice());
      },
      fail: (reason) => {
        faults.push(reason);
        socket.destroy();
      },
    },
  );
  socket.on('data', (bytes) => {
    reader.answered(bytes, bytes.length, output);
    hook.fromTarget(bytes);
  });
  const closed = new Promise((resolve) => socket.once('close', resolve));
  hook.fromClient(buildStartup({ user, database: 'postgres' }), 0);
  hook.fromClient(buildPasswordMessage(text('SCRAM of another server')), 100);
  const words = [query('SELECT current_user, 1'), query('SELECT no_such'), buildMessage('X')];
  hook.fromClient(concatBytes(...words), 200);
  await closed;
  return { answers, faults, said };
}

describe('PostgreSQL and the mirror’s hook', function () {
  this.timeout(120_000);
  const server = new PostgresServer();
  before(() => server.start());
  after(() => server.stop());

  for (const [user, method] of Object.entries(METHODS))
    it(`a copy is accepted that authenticates anew (${method})`, async () => {
      const { answers, faults, said } = await replay(server, user, PASSWORD);
      expect(faults).to.deep.equal([]);
      expect(answers).to.deep.equal(['SELECT 1', '42703']);
      expect(said).to.not.include('SCRAM of another server');
    });

  it('a copy is not accepted with another password, and says why', async () => {
    const { answers, faults } = await replay(server, 'scram', 'another');
    expect(answers).to.deep.equal([]);
    expect(faults).to.deep.equal([
      'The target says 28P01: password authentication failed for user "scram"',
    ]);
  });
});
