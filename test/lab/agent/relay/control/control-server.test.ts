import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { type AddressInfo, type Server, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type RunningRelay, startRelay } from '../../../../../src/agent/relay/running-relay.ts';
import type { StreamAddress } from '../../../../../src/model/relay.ts';
import { relaySpec } from '../relays.ts';

const LOCAL: StreamAddress = { kind: 'tcp', host: '127.0.0.1', port: 0 };

describe('agent/relay/control/control-server', function () {
  this.timeout(30_000);
  const folder = mkdtempSync(join(tmpdir(), 'control-'));
  let echo: Server;
  let relay: RunningRelay | undefined;
  before(async () => {
    echo = createServer((socket) => socket.on('error', () => undefined).pipe(socket));
    echo.listen(0, '127.0.0.1');
    await once(echo, 'listening');
  });
  afterEach(() => relay?.stop());
  after(() => {
    echo.close();
    rmSync(folder, { recursive: true });
  });

  const start = async (control: StreamAddress): Promise<{ port: number; control: string }> => {
    const { port } = echo.address() as AddressInfo;
    const silent = { news: () => undefined, statistics: () => undefined, loss: () => undefined };
    relay = startRelay(
      {
        spec: relaySpec(LOCAL, { ...LOCAL, port }, { control }),
        ...{ seed: 1, audit: null, namespaceFd: null },
      },
      { ...silent, broken: () => undefined },
    );
    const { listening, control: place } = await relay.ready;
    return { port: Number(/\d+$/.exec(listening[0] ?? '')?.[0]), control: place ?? '' };
  };
  const ask = async (
    at: object,
    method: string,
    path: string,
    body = '',
  ): Promise<{ readonly status: number | undefined; readonly body: unknown }> => {
    const asking = request({ ...at, method, path, agent: false });
    asking.end(body);
    const [answer] = (await once(asking, 'response')) as [IncomingMessage];
    let text = '';
    for await (const piece of answer) text += String(piece);
    return { status: answer.statusCode, body: text === '' ? null : (JSON.parse(text) as unknown) };
  };

  it('answers over TCP, with what the sessions are', async () => {
    const { port, control } = await start(LOCAL);
    const at = { host: '127.0.0.1', port: Number(/\d+$/.exec(control)?.[0]) };
    const client = connect(port, '127.0.0.1');
    client.write('hello');
    await once(client, 'data');
    const { body } = await ask(at, 'GET', '/relay/sessions');
    expect(body).to.have.length(1);
    expect(body).to.have.nested.property('[0].upstream', 5);
    const broken = once(client, 'error');
    expect(await ask(at, 'DELETE', '/relay/sessions/1')).to.deep.equal({ status: 204, body: null });
    await broken;
    expect(await ask(at, 'DELETE', '/relay/sessions/1')).to.deep.equal({
      status: 404,
      body: { error: 'There is no session 1' },
    });
    expect(await ask(at, 'GET', '/nothing')).to.include({ status: 404 });
    expect(await ask(at, 'PATCH', '/relay')).to.include({ status: 405 });
    expect(await ask(at, 'POST', '/relay', 'x'.repeat(1_100_000))).to.include({ status: 413 });
  });

  it('answers over a Unix socket, whose file goes with it', async () => {
    const path = join(folder, 'control');
    const { control } = await start({ kind: 'unix', path });
    expect(control).to.equal(`unix:${path}`);
    const { status, body } = await ask({ socketPath: path }, 'GET', '/relay');
    expect(status).to.equal(200);
    expect(body).to.include({ enabled: true, protocol: 'raw' });
    await relay?.stop();
    expect(existsSync(path)).to.equal(false);
  });

  it('does not start a relay that cannot be controlled', async () => {
    const { port } = echo.address() as AddressInfo;
    const fault = await start({ ...LOCAL, port }).catch((error: unknown) => error);
    expect(fault).to.have.property('message').that.equals(`tcp://127.0.0.1:${port} is taken`);
  });
});
