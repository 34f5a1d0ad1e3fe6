import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { type AddressInfo, type Socket, createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { closeDescriptor } from '../../../src/kernel/process.ts';
import { IP_ROOM, type SocketAddress } from '../../../src/kernel/socket-address.ts';
import {
  AGAIN,
  abortOnClose,
  acceptStream,
  connectStream,
  endStream,
  errorName,
  listenStream,
  ownAddress,
  peerAddress,
  peerFrom,
  readStream,
  sendAtOnce,
  streamError,
  writeStream,
} from '../../../src/kernel/stream-socket.ts';
import { EPOLL, Waiter } from '../../../src/kernel/waiter.ts';

const OPTIONS = { isTransparent: false };
const HELLO = new TextEncoder().encode('hello');

describe('kernel/stream-socket', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stream-socket-'));
  const waiter = new Waiter();
  const open: number[] = [];
  const keep = (fd: number): number => {
    if (fd >= 0) open.push(fd);
    return fd;
  };
  afterEach(() => {
    for (const fd of open.splice(0)) closeDescriptor(fd);
  });
  after(() => {
    waiter.close();
    rmSync(folder, { recursive: true });
  });

  /** Waits until one of `wanted` holds for the descriptor; gives what held. */
  const until = (fd: number, wanted: number): number => {
    for (;;) {
      const found = waiter.wait(Infinity);
      for (let index = 0; index < found; index += 1) {
        const events = waiter.events[index] ?? 0;
        if (waiter.ready[index] === fd && (events & wanted) !== 0) return events;
      }
    }
  };
  const pair = (at: SocketAddress): { client: number; server: number; listener: number } => {
    const listener = keep(listenStream(at, OPTIONS));
    waiter.watch(listener, listener);
    const own = at.kind === 'unix' ? at : ownAddress(listener);
    if (!own) throw new Error('The listener has no address');
    const client = keep(connectStream(own));
    waiter.watchChanges(client, client);
    until(listener, EPOLL.in);
    const from = new Uint8Array(IP_ROOM);
    const server = keep(acceptStream(listener, from));
    expect(peerFrom(server, from)).to.deep.equal(peerAddress(server));
    waiter.watchChanges(server, server);
    return { client, server, listener };
  };

  for (const [title, address] of [
    ['IPv4', { kind: 'ip', address: '127.0.0.1', port: 0 }],
    ['IPv6', { kind: 'ip', address: '::1', port: 0 }],
    ['a Unix socket with a path', { kind: 'unix', path: join(folder, 'socket') }],
    ['an abstract Unix socket', { kind: 'unix', path: `@stream-socket-${process.pid}` }],
  ] as const)
    it(`carries bytes and the end of a stream over ${title}`, () => {
      const { client, server } = pair(address);
      const room = new Uint8Array(100);
      expect(writeStream(client, HELLO)).to.equal(5);
      until(server, EPOLL.in);
      expect(readStream(server, room)).to.equal(5);
      expect(room.subarray(0, 5)).to.deep.equal(HELLO);
      expect(readStream(server, room)).to.equal(AGAIN);
      endStream(client);
      until(server, EPOLL.readHangUp);
      expect(readStream(server, room)).to.equal(0);
      expect(writeStream(server, HELLO)).to.equal(5);
      if (address.kind === 'ip') expect(peerAddress(client)).to.deep.equal(ownAddress(server));
      else expect(peerAddress(client)).to.deep.equal(address);
    });

  it('makes the file of a Unix socket for its owner alone', () => {
    const path = join(folder, 'private');
    keep(listenStream({ kind: 'unix', path }, OPTIONS));
    expect(existsSync(path)).to.equal(true);
    expect(statSync(path).mode & 0o777).to.equal(0o600);
  });

  it('gives the reason why nobody answered', () => {
    const listener = listenStream({ kind: 'ip', address: '127.0.0.1', port: 0 }, OPTIONS);
    const own = ownAddress(listener);
    closeDescriptor(listener);
    if (!own) throw new Error('The listener has no address');
    const client = keep(connectStream(own));
    // On loopback the answer may be there before the call is over.
    if (client < 0) expect(errorName(client)).to.equal('ECONNREFUSED');
    else {
      waiter.watchChanges(client, client);
      until(client, EPOLL.error);
      expect(errorName(streamError(client))).to.equal('ECONNREFUSED');
      expect(streamError(client)).to.equal(0);
    }
  });

  it('throws where it cannot listen, as Node does', () => {
    const listener = keep(listenStream({ kind: 'ip', address: '127.0.0.1', port: 0 }, OPTIONS));
    const own = ownAddress(listener);
    if (!own) throw new Error('The listener has no address');
    expect(() => listenStream(own, OPTIONS))
      .to.throw('bind: EADDRINUSE')
      .that.includes({ code: 'EADDRINUSE', syscall: 'bind' });
  });

  it('sends a RST where it was told to', () => {
    const { client, server } = pair({ kind: 'ip', address: '127.0.0.1', port: 0 });
    sendAtOnce(client);
    abortOnClose(client);
    closeDescriptor(client);
    open.splice(open.indexOf(client), 1);
    until(server, EPOLL.error);
    expect(errorName(readStream(server, new Uint8Array(10)))).to.equal('ECONNRESET');
  });

  it('takes what there is room for', async () => {
    const taken: Socket[] = [];
    const server = createServer((socket) => void taken.push(socket.pause())).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const client = keep(connectStream({ kind: 'ip', address: '127.0.0.1', port }));
    waiter.watchChanges(client, client);
    until(client, EPOLL.out);
    let sent = 0;
    let last = 0;
    for (; last >= 0; last = writeStream(client, new Uint8Array(1_000_000))) sent += last;
    expect(last).to.equal(AGAIN);
    expect(sent).to.be.greaterThan(0);
    if (taken.length === 0) await once(server, 'connection');
    for (const socket of taken) socket.destroy();
    server.close();
  });
});
