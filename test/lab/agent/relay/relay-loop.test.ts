// The relay with real sockets on loopback: what goes in on one side comes out on the other, byte for byte, and ends as it ended.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { expect } from 'chai';
import { RELAY_LIMITS } from '../../../../src/model/relay-defaults.ts';
import type { StreamAddress } from '../../../../src/model/relay.ts';
import { Ends, KINDS, readAll } from './ends.ts';

describe('agent/relay/relay-loop', function () {
  this.timeout(60_000);
  const ends = new Ends();
  afterEach(() => ends.close());
  after(() => ends.dispose());

  const echo = (socket: Socket): void => void socket.pipe(socket);
  const local = ends.place('IPv4');

  for (const from of KINDS)
    for (const to of KINDS)
      it(`carries from ${from} to ${to}, and keeps a half that is closed apart`, async () => {
        // It answers only when it has heard all.
        const target = await ends.serve(to, (socket) => {
          void readText(socket).then((text) => socket.end(`heard ${text}`));
        });
        const listen = ends.place(from);
        const client = ends.dial(await ends.relay(listen, target), listen);
        client.end('hello');
        expect(await readText(client)).to.equal('heard hello');
      });

  it('listens on both families where no host is given, and looks a name up', async () => {
    const target = await ends.serve('IPv4', echo);
    const { port } = target.kind === 'unix' ? { port: 0 } : target;
    const both = await ends.relay(
      { kind: 'tcp', host: '*', port: 0 },
      { kind: 'tcp', host: 'localhost', port },
    );
    for (const host of ['127.0.0.1', '::1']) {
      const client = ends.dial(both, { kind: 'tcp', host, port: 0 });
      client.end('hello');
      expect(await readText(client)).to.equal('hello');
    }
  });

  it('resets a client whose target refuses, and says so', async () => {
    const target = await ends.serve('IPv4', echo);
    ends.shut();
    const started = await ends.relay(local, target);
    const client = ends.dial(started, local);
    const [error] = (await once(client, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).to.equal('ECONNRESET');
    expect(await started.heard(({ kind }) => kind === 'closed')).to.include({
      reason: 'dial-failed',
    });
  });

  it('serves 2,000 clients at once', async () => {
    const target = await ends.serve('IPv4', echo);
    const started = await ends.relay(local, target);
    const clients = Array.from({ length: 2000 }, () => ends.dial(started, local));
    await Promise.all(clients.map((client) => once(client, 'connect')));
    const heard = clients.map(readText);
    for (const [index, client] of clients.entries()) client.end(`client ${index}`);
    expect(await Promise.all(heard)).to.deep.equal(clients.map((_, index) => `client ${index}`));
    const { statistics } = await started.thread.change({ kind: 'statistics' });
    expect(statistics?.sessions).to.include({ accepted: 2000, refused: 0, failed: 0 });
  });

  it('refuses sessions above the limit', async () => {
    const target = await ends.serve('IPv4', echo);
    const started = await ends.relay(local, target, { limits: { ...RELAY_LIMITS, sessions: 1 } });
    const first = ends.dial(started, local);
    first.write('hello');
    await once(first, 'data');
    const second = ends.dial(started, local);
    const [error] = (await once(second, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).to.equal('ECONNRESET');
    const { statistics } = await started.thread.change({ kind: 'statistics' });
    expect(statistics?.sessions).to.include({ accepted: 1, open: 1, refused: 1 });
  });

  it('ends a session in which nothing was heard for its time', async () => {
    const target = await ends.serve('IPv4', echo);
    const started = await ends.relay(local, target, {
      limits: { ...RELAY_LIMITS, idleTimeout: 100 },
    });
    const client = ends.dial(started, local);
    client.write('hello');
    await once(client, 'data');
    await once(client.resume(), 'end');
    expect(await started.heard(({ kind }) => kind === 'closed')).to.include({ reason: 'idle' });
  });

  for (const [host, type] of [
    ['127.0.0.1', 'udp4'],
    ['::1', 'udp6'],
  ] as const)
    it(`carries datagrams of ${host}, to each client its own`, async () => {
      const server = createSocket(type).bind(0, host);
      server.on('message', (bytes, { port }) => server.send(`heard ${String(bytes)}`, port, host));
      await once(server, 'listening');
      const { port } = server.address();
      const target: StreamAddress = { kind: 'udp', host, port };
      const started = await ends.relay({ kind: 'udp', host: '*', port: 0 }, target);
      const clients = Array.from({ length: 3 }, () => createSocket(type));
      for (const [index, client] of clients.entries()) {
        client.send(`${index}`, started.port, host);
        const [bytes] = (await once(client, 'message')) as [Buffer];
        expect(String(bytes)).to.equal(`heard ${index}`);
      }
      expect((await started.thread.change({ kind: 'sessions' })).sessions).to.have.length(3);
      for (const socket of [...clients, server]) socket.close();
    });

  it('takes the place of a socket file that nobody listens on, and takes its own away', async () => {
    const target = await ends.serve('IPv4', echo);
    const listen = ends.place('path');
    const path = listen.kind === 'unix' ? listen.path : '';
    await leaveStale(path);
    const started = await ends.relay(listen, target);
    const client = ends.dial(started, listen);
    client.end('hello');
    expect(await readText(client)).to.equal('hello');
    await started.stop();
    expect(existsSync(path)).to.equal(false);
  });

  it('leaves a socket file that somebody listens on, and a file that is none', async () => {
    const taken = await ends.serve('path', echo);
    const file: StreamAddress = ends.place('path');
    writeFileSync(file.kind === 'unix' ? file.path : '', 'text');
    for (const listen of [taken, file]) {
      const fault = await ends.relay(listen, local).catch((error: unknown) => error);
      expect(fault)
        .to.have.property('message')
        .that.matches(/^unix:.* is taken$/);
      expect(existsSync(listen.kind === 'unix' ? listen.path : '')).to.equal(true);
    }
  });

  it('is switched off and on where it was', async () => {
    const target = await ends.serve('IPv4', echo);
    const started = await ends.relay(local, target);
    const first = ends.dial(started, local);
    first.write('hello');
    await once(first, 'data');
    const broken = once(first, 'error');
    await started.thread.change({ kind: 'relay', isEnabled: false });
    await broken;
    const refused = ends.dial(started, local);
    const [error] = (await once(refused, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).to.equal('ECONNREFUSED');
    await started.thread.change({ kind: 'relay', isEnabled: true });
    const second = ends.dial(started, local);
    second.end('again');
    expect(await readText(second)).to.equal('again');
  });

  it('resets a session that it is told to', async () => {
    const target = await ends.serve('IPv4', echo);
    const started = await ends.relay(local, target);
    const client = ends.dial(started, local);
    client.write('hello');
    await once(client, 'data');
    const broken = once(client, 'error');
    expect(await started.thread.change({ kind: 'reset-session', session: 1 })).to.deep.equal({});
    const [error] = (await broken) as [NodeJS.ErrnoException];
    expect(error.code).to.equal('ECONNRESET');
    expect(await started.thread.change({ kind: 'reset-session', session: 1 })).to.deep.equal({
      isMissing: true,
    });
  });

  async function readText(socket: Socket): Promise<string> {
    return String(await readAll(socket));
  }

  /** A socket file as a program leaves it that was killed. */
  async function leaveStale(path: string): Promise<void> {
    const { execFileSync } = await import('node:child_process');
    const script = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
    try {
      execFileSync(process.execPath, ['-e', script]);
    } catch {
      // It was killed, as it was to be.
    }
    expect(existsSync(path)).to.equal(true);
  }
});
