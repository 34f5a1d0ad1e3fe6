import { expect } from 'chai';
import { type Elevation, execElevated } from '../../../src/lab/far/become.ts';
import { connectSsh } from '../../../src/ssh/connect.ts';
import type { SshConnection } from '../../../src/ssh/ssh.ts';
import { waitFor } from '../lab/labs.ts';
import { type FarBench, createBench, faultOf } from './far-bench.ts';
import { type FarHost, PASSWORD } from './far-host.ts';

/** In place of sudo there, in that mount namespace alone. */
const fakeSudo = (script: string): string =>
  `printf '#!/bin/sh\\n${script}\\n' > /home/sudo; chmod 755 /home/sudo; mount --bind /home/sudo /usr/bin/sudo`;
const STUCK =
  'echo the directory service does not answer >&2; exec sh -c "while :; do sleep 1; done" "$@"';

describe('execElevated()', function () {
  this.timeout(60_000);
  const bench: FarBench = createBench();
  const connections: SshConnection[] = [];
  const never = new AbortController().signal;
  before(function () {
    if (process.getuid?.() !== 0) this.skip();
  });
  afterEach(async () => {
    for (const connection of connections.splice(0)) connection.close();
    await bench.clear();
  });

  const connect = async (host: FarHost): Promise<SshConnection> => {
    const { ssh: destination, name } = host.machine;
    if (!destination) throw new Error('it is reached by ssh');
    const ask = (): Promise<null> => Promise.resolve(null);
    const connection = await connectSsh({ machine: name, destination, folder: host.folder, ask });
    connections.push(connection);
    return connection;
  };
  const elevation = (connection: SshConnection, limit: number, ms: number): Elevation => ({
    ...{ machine: 'edge', reached: connection.reached, kept: { password: null }, limit },
    ask: () => new Promise((resolve) => setTimeout(() => resolve(PASSWORD), ms)),
  });

  it('gives a sudo up that neither asks nor begins, says what it said, and ends it', async () => {
    const host = await bench.begin({ setup: fakeSudo(STUCK) });
    const connection = await connect(host);
    await faultOf(
      execElevated(connection, ['id'], elevation(connection, 500, 0), never),
      'machine',
      /neither asked for a password nor began within 0\.5 s: "the directory service does not answer"/,
    );
    await waitFor('sudo to be gone', () => host.find('while :').length === 0);
  });

  it('gives it up at once when the signal aborts', async () => {
    const host = await bench.begin({ setup: fakeSudo(STUCK) });
    const connection = await connect(host);
    const stopping = new AbortController();
    const reason = new Error('interrupted');
    setTimeout(() => stopping.abort(reason), 200);
    const outcome = await execElevated(
      connection,
      ['id'],
      elevation(connection, 30_000, 0),
      stopping.signal,
    ).catch((error: unknown) => error);
    expect(outcome).to.equal(reason);
  });

  it('waits for a person who types for longer', async () => {
    const host = await bench.begin({ sudo: 'ALL=(ALL) ALL' });
    const connection = await connect(host);
    await execElevated(connection, ['id'], elevation(connection, 1500, 2500), never);
  });
});
