import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { expect } from 'chai';
import { createScripts } from '../../../../src/agent/endpoint/script/scripts.ts';
import type { ScriptSpec } from '../../../../src/model/script.ts';

const listen = (port: number): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => server.close(() => resolve()));

async function freePort(): Promise<number> {
  const server = await listen(0);
  const address = server.address();
  await close(server);
  if (address === null || typeof address === 'string') throw new Error('The server has a port');
  return address.port;
}

const scriptAt = (port: number): ScriptSpec => ({
  kind: 'script',
  transport: 'tcp',
  timeout: 1000,
  parties: [
    { name: 'client', node: 'client', program: [] },
    { name: 'server', node: 'server', program: [] },
  ],
  channels: [
    {
      ...{ from: 'client', to: 'server', source: { address: '127.0.0.1', port: 0 } },
      destination: { address: '127.0.0.1', port },
    },
  ],
});

describe('createScripts()', () => {
  it('stops listening for a play that was opened and never played', async () => {
    const port = await freePort();
    const setup = { flow: 'talk', spec: scriptAt(port), seed: 1, credentials: null, sockets: null };
    const scripts = createScripts('server', '', [setup]);
    await scripts.open({ flow: 'talk', attempt: 1 });
    const taken = await listen(port).catch((error: unknown) => error);
    expect(taken).to.include({ code: 'EADDRINUSE' });
    await scripts.stop();
    await close(await listen(port));
  });
});
