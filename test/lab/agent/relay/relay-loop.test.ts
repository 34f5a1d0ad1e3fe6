// The relay with real sockets on loopback: what goes in on one side comes out on the other, byte for byte, and ends as it ended.
import { createHash, randomUUID } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import {
  type AddressInfo,
  type ListenOptions,
  type NetConnectOpts,
  type Server,
  type Socket,
  connect,
  createServer,
} from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { seededRandom } from '../../../../src/base/random.ts';
import { RELAY_LIMITS } from '../../../../src/model/relay-defaults.ts';
import type { RelaySpec, StreamAddress } from '../../../../src/model/relay.ts';
import { type TestRelay, startRelay } from './relays.ts';

type Kind = 'IPv4' | 'IPv6' | 'path' | 'abstract';
const KINDS: readonly Kind[] = ['IPv4', 'IPv6', 'path', 'abstract'];

describe('agent/relay/relay-loop', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'relay-'));
  const relays: TestRelay[] = [];
  const servers: Server[] = [];
  const sockets: Socket[] = [];
  afterEach(async () => {
    for (const relay of relays.splice(0)) await relay.stop();
    for (const socket of sockets.splice(0)) socket.destroy();
    for (const server of servers.splice(0)) server.close();
  });
  after(() => rmSync(folder, { recursive: true }));

  const place = (kind: Kind): StreamAddress => {
    switch (kind) {
      case 'IPv4':
        return { kind: 'tcp', host: '127.0.0.1', port: 0 };
      case 'IPv6':
        return { kind: 'tcp', host: '::1', port: 0 };
      case 'path':
        return { kind: 'unix', path: join(folder, randomUUID()) };
      case 'abstract':
        // Node 20 fills names up with zero bytes.
        return { kind: 'unix', path: `@relay-${randomUUID()}`.padEnd(108, '\0') };
    }
  };
  const nodePath = (path: string): string => path.replace(/^@/, '\0').replace(/\0+$/, '');
  const serve = async (kind: Kind, onClient: (socket: Socket) => void): Promise<StreamAddress> => {
    const at = place(kind);
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      sockets.push(socket);
      onClient(socket.on('error', () => undefined));
    });
    servers.push(server);
    const options: ListenOptions = at.kind === 'unix' ? { path: nodePath(at.path) } : at;
    server.listen({ ...options, backlog: 4096 });
    await once(server, 'listening');
    return at.kind === 'unix' ? at : { ...at, port: (server.address() as AddressInfo).port };
  };
  const relay = async (
    listen: StreamAddress,
    target: StreamAddress,
    more: Partial<RelaySpec> = {},
  ): Promise<TestRelay> => {
    const started = await startRelay(listen, target, more);
    relays.push(started);
    return started;
  };
  const dial = ({ port }: TestRelay, at: StreamAddress): Socket => {
    const options: NetConnectOpts =
      at.kind === 'unix' ? { path: nodePath(at.path) } : { host: at.host, port };
    const socket = connect({ ...options, allowHalfOpen: true }).on('error', () => undefined);
    sockets.push(socket);
    return socket;
  };
  /** A client, through a relay, of a server that does nothing yet. */
  const pair = async (
    kind: Kind,
  ): Promise<{ readonly client: Socket; readonly server: Socket; readonly started: TestRelay }> => {
    const taken: Socket[] = [];
    const target = await serve(kind, (socket) => void taken.push(socket.pause()));
    const started = await relay(local, target);
    const client = dial(started, local);
    for (; taken.length === 0;) await once(servers[0] ?? client, 'connection');
    const [server = client] = taken;
    return { client, server, started };
  };
  /** All that comes until the peer ends. */
  const read = async (socket: Socket): Promise<string> => {
    let text = '';
    await once(
      socket.on('data', (bytes) => (text += String(bytes))),
      'end',
    );
    return text;
  };
  const echo = (socket: Socket): void => void socket.pipe(socket);
  const local = place('IPv4');

  for (const from of KINDS)
    for (const to of KINDS)
      it(`carries from ${from} to ${to}, and keeps a half that is closed apart`, async () => {
        // It answers only when it has heard all.
        const target = await serve(to, (socket) => {
          void read(socket).then((text) => socket.end(`heard ${text}`));
        });
        const listen = place(from);
        const client = dial(await relay(listen, target), listen);
        client.end('hello');
        expect(await read(client)).to.equal('heard hello');
      });

  it('listens on both families where no host is given, and looks a name up', async () => {
    const target = await serve('IPv4', echo);
    const { port } = target.kind === 'unix' ? { port: 0 } : target;
    const both = await relay(
      { kind: 'tcp', host: '*', port: 0 },
      { kind: 'tcp', host: 'localhost', port },
    );
    for (const host of ['127.0.0.1', '::1']) {
      const client = dial(both, { kind: 'tcp', host, port: 0 });
      client.end('hello');
      expect(await read(client)).to.equal('hello');
    }
  });

  for (const who of ['client', 'server'] as const)
    it(`passes a reset of the ${who} on as a reset, after what was sent before`, async () => {
      const { client, server, started } = await pair('IPv4');
      const [breaker, other] = who === 'client' ? [client, server] : [server, client];
      const failed = once(other.resume(), 'error');
      breaker.write('half a mess');
      await once(other, 'data');
      breaker.resetAndDestroy();
      const [error] = (await failed) as [NodeJS.ErrnoException];
      expect(error.code).to.equal('ECONNRESET');
      expect(await started.heard(({ kind }) => kind === 'closed')).to.include({
        reason: `reset-by-${who}`,
      });
    });

  it('resets a client whose target refuses, and says so', async () => {
    const target = await serve('IPv4', echo);
    for (const server of servers.splice(0)) server.close();
    const started = await relay(local, target);
    const client = dial(started, local);
    const [error] = (await once(client, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).to.equal('ECONNRESET');
    expect(await started.heard(({ kind }) => kind === 'closed')).to.include({
      reason: 'dial-failed',
    });
  });

  it('takes no more than it may keep while the other side reads nothing', async () => {
    const { client, server } = await pair('path');
    const piece = new Uint8Array(1_000_000).fill(7);
    for (let count = 0; count < 64; count += 1) client.write(piece);
    client.end();
    // What the sockets hold, and one read; then it stands.
    const taken = await standstill(() => client.bytesWritten - client.writableLength);
    expect(taken).to.be.lessThan(48_000_000);
    let came = 0;
    server.on('data', (bytes) => (came += bytes.length)).resume();
    await once(server, 'end');
    expect(came).to.equal(64_000_000);
  });

  it('carries 1 GB unchanged', async function () {
    this.timeout(300_000);
    const block = seededRandom(7).bytes(1_048_573);
    const sent = createHash('sha256');
    const came = createHash('sha256');
    const { client, server } = await pair('IPv4');
    const over = once(server.on('data', (bytes) => came.update(bytes)).resume(), 'end');
    for (let count = 0; count < 1024; count += 1) {
      block[count] = count & 0xff;
      const piece = block.slice(count % 7);
      sent.update(piece);
      if (!client.write(piece)) await once(client, 'drain');
    }
    client.end();
    await over;
    expect(came.digest('hex')).to.equal(sent.digest('hex'));
  });

  it('serves 2,000 clients at once', async () => {
    const target = await serve('IPv4', echo);
    const started = await relay(local, target);
    const clients = Array.from({ length: 2000 }, () => dial(started, local));
    await Promise.all(clients.map((client) => once(client, 'connect')));
    const heard = clients.map(read);
    for (const [index, client] of clients.entries()) client.end(`client ${index}`);
    expect(await Promise.all(heard)).to.deep.equal(clients.map((_, index) => `client ${index}`));
    const { statistics } = await started.thread.change({ kind: 'statistics' });
    expect(statistics?.sessions).to.include({ accepted: 2000, refused: 0, failed: 0 });
  });

  it('refuses sessions above the limit', async () => {
    const target = await serve('IPv4', echo);
    const started = await relay(local, target, { limits: { ...RELAY_LIMITS, sessions: 1 } });
    const first = dial(started, local);
    first.write('hello');
    await once(first, 'data');
    const second = dial(started, local);
    const [error] = (await once(second, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).to.equal('ECONNRESET');
    const { statistics } = await started.thread.change({ kind: 'statistics' });
    expect(statistics?.sessions).to.include({ accepted: 1, open: 1, refused: 1 });
  });

  it('ends a session in which nothing was heard for its time', async () => {
    const target = await serve('IPv4', echo);
    const started = await relay(local, target, { limits: { ...RELAY_LIMITS, idleTimeout: 100 } });
    const client = dial(started, local);
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
      const started = await relay({ kind: 'udp', host: '*', port: 0 }, target);
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
    const target = await serve('IPv4', echo);
    const listen = place('path');
    const path = listen.kind === 'unix' ? listen.path : '';
    await leaveStale(path);
    const started = await relay(listen, target);
    const client = dial(started, listen);
    client.end('hello');
    expect(await read(client)).to.equal('hello');
    await started.stop();
    expect(existsSync(path)).to.equal(false);
  });

  it('leaves a socket file that somebody listens on, and a file that is none', async () => {
    const taken = await serve('path', echo);
    const file: StreamAddress = place('path');
    writeFileSync(file.kind === 'unix' ? file.path : '', 'text');
    for (const listen of [taken, file]) {
      const fault = await relay(listen, local).catch((error: unknown) => error);
      expect(fault)
        .to.have.property('message')
        .that.matches(/^unix:.* is taken$/);
      expect(existsSync(listen.kind === 'unix' ? listen.path : '')).to.equal(true);
    }
  });

  it('is switched off and on where it was', async () => {
    const target = await serve('IPv4', echo);
    const started = await relay(local, target);
    const first = dial(started, local);
    first.write('hello');
    await once(first, 'data');
    const broken = once(first, 'error');
    await started.thread.change({ kind: 'relay', isEnabled: false });
    await broken;
    const refused = dial(started, local);
    const [error] = (await once(refused, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).to.equal('ECONNREFUSED');
    await started.thread.change({ kind: 'relay', isEnabled: true });
    const second = dial(started, local);
    second.end('again');
    expect(await read(second)).to.equal('again');
  });

  it('resets a session that it is told to', async () => {
    const target = await serve('IPv4', echo);
    const started = await relay(local, target);
    const client = dial(started, local);
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

  /** The value once it stays the same for ten looks. */
  async function standstill(value: () => number): Promise<number> {
    let last = -1;
    for (let same = 0; same < 10;) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      const now = value();
      same = now === last ? same + 1 : 0;
      last = now;
    }
    return last;
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
