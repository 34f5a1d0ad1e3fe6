import { expect } from 'chai';
import { seededRandom } from '../../../src/base/random.ts';
import type { CensorAction } from '../../../src/model/censor-action.ts';
import { concatBytes } from '../../../src/wire/bytes.ts';
import { buildClientHello, buildTlsRecords } from '../../../src/wire/tls-build.ts';
import { rule } from '../censor/playbook.ts';
import { V4, V6 } from '../endpoint/tcp/playbook.ts';
import { Crossing, type CrossingOptions, SECOND, turned } from './crossing.ts';

const MITM: CensorAction = { kind: 'mitm', authority: 'own', log: true };
const READ = rule([{ field: 'tls.sni', names: ['read.example'] }], MITM);

const hello = (serverName: string): Uint8Array =>
  buildTlsRecords(buildClientHello({ serverName, sessionId: new Uint8Array(32).fill(7) }));

const noise = (seed: number, length: number): Uint8Array => {
  const random = seededRandom(seed);
  return Uint8Array.from({ length }, () => random.below(256));
};

/** Both open, and the client says its hello and more, in segments of so many bytes. */
function speak(options: Partial<CrossingOptions>, name: string, sizes: readonly number[] = []) {
  const crossing = new Crossing({ ends: V4, rules: [READ], ...options });
  const { client, server } = crossing;
  crossing.run(() => server.tcp.state === 'established' && client.tcp.state === 'established');
  const words = hello(name);
  client.tcp.send(words, crossing.now, sizes);
  return { crossing, client, server, words };
}

const SETTINGS: Readonly<Record<string, Partial<CrossingOptions>>> = {
  'over IPv4': {},
  'over IPv6': { ends: V6 },
  'without timestamps and window scale': {
    client: { timestamps: false, windowScale: false, sackPermitted: false },
  },
  'where sequence numbers wrap': {
    client: { initialSequence: 2 ** 32 - 300 },
    server: { initialSequence: 2 ** 32 - 2 },
  },
  'with small segments and windows of the server': {
    server: { maximumSegmentSize: 536, receiveBuffer: 4096 },
  },
  'where packets are lost, repeated and reordered': { loss: 0.05, duplicates: 0.05, jitter: 4 },
};

describe('roles/intercept/interceptor', () => {
  for (const [what, options] of Object.entries(SETTINGS))
    it(`takeOver() goes on with both connections ${what}`, () => {
      const { crossing, client, server, words } = speak(options, 'read.example');
      const [up, down] = [noise(1, 60_000), noise(2, 90_000)];
      client.tcp.send(up, crossing.now);
      const asked = concatBytes(words, up);
      crossing.run(() => server.received.length === asked.length, 300 * SECOND);
      expect(server.received).to.deep.equal(turned(asked));
      server.tcp.send(down, crossing.now);
      server.tcp.close(crossing.now);
      crossing.run(() => client.events.some(({ kind }) => kind === 'fin'), 300 * SECOND);
      crossing.run(() => false, SECOND);
      expect(client.received).to.deep.equal(turned(down));
      client.tcp.close(crossing.now);
      crossing.run(() => false, 300 * SECOND);
      expect([client.tcp.state, server.tcp.state]).to.deep.equal(['closed', 'closed']);
      for (const { events } of [client, server])
        expect(events.filter(({ kind }) => kind === 'reset')).to.deep.equal([]);
      expect(crossing.interceptor.nextDue).to.equal(Infinity);
      expect(crossing.events.map(({ action }) => action)).to.deep.equal(['match', 'mitm']);
    });

  it('takes a connection over whose ClientHello comes in pieces, of which the server gets none', () => {
    const { crossing, server, words } = speak({}, 'read.example', [20, 30, 40]);
    crossing.run(() => server.received.length === words.length);
    expect(server.received).to.deep.equal(turned(words));
  });

  it('leaves other connections as they are, in pieces too', () => {
    for (const sizes of [[], [20, 30, 40]]) {
      const { crossing, client, server, words } = speak({}, 'free.example', sizes);
      crossing.run(() => server.received.length === words.length);
      server.tcp.send(Uint8Array.of(1, 2, 3), crossing.now);
      crossing.run(() => client.received.length === 3);
      expect(server.received).to.deep.equal(words);
      expect(client.received).to.deep.equal(Uint8Array.of(1, 2, 3));
      expect(crossing.injected).to.equal(0);
      expect(crossing.news).to.deep.equal([]);
    }
  });

  it('is evaded by pieces where segments are not put together, and holds none of them', () => {
    const { crossing, server, words } = speak({ reassembles: false }, 'read.example', [20, 30]);
    crossing.run(() => server.received.length === words.length, SECOND / 10);
    expect(server.received).to.deep.equal(words);
    expect(crossing.injected).to.equal(0);
  });

  it('is what censors do without: they let pass and say what they would have done', () => {
    const { crossing, server, words } = speak({ intercepts: false }, 'read.example', [20]);
    crossing.run(() => server.received.length === words.length);
    expect(server.received).to.deep.equal(words);
    expect(crossing.events.map(({ action }) => action)).to.deep.equal(['match', 'mitm']);
  });

  it('passes a reset of one side on, and tells a side that is silent from one that is gone', () => {
    const { crossing, client, server, words } = speak({}, 'read.example');
    crossing.run(() => server.received.length === words.length);
    client.tcp.reset(crossing.now);
    crossing.run(() => false, SECOND);
    expect(server.tcp.state).to.equal('closed');
    expect(server.events.at(-1)).to.deep.equal({ kind: 'closed', how: 'received-reset' });
    const gone = crossing.news.filter(({ kind }) => kind === 'gone');
    expect(gone).to.deep.equal([{ kind: 'gone', id: 1, side: 'client', how: 'reset' }]);
  });

  it('tells no more than may be under way, and closes the window of who says more', () => {
    const { crossing, client } = speak({}, 'read.example');
    crossing.isAnswering = false;
    client.tcp.send(noise(3, 1_000_000), crossing.now);
    crossing.run(() => false, 20 * SECOND);
    const told = crossing.news.reduce(
      (sum, one) => sum + (one.kind === 'data' ? one.bytes.length : 0),
      0,
    );
    expect(told).to.equal(262_144);
    expect(client.tcp.numbers.peerWindow).to.equal(0);
    expect(client.tcp.state).to.equal('established');
  });

  it('gives up what is silent for ten minutes', () => {
    const { crossing, client, server } = speak({}, 'read.example');
    crossing.isAnswering = false;
    crossing.run(() => false, 599 * SECOND);
    expect(client.tcp.state).to.equal('established');
    crossing.run(() => false, 10 * SECOND);
    expect([client.tcp.state, server.tcp.state]).to.deep.equal(['closed', 'closed']);
  });

  it('refuses a connection whose opening was not seen', () => {
    const { crossing, client } = speak({ rules: [] }, 'free.example');
    crossing.run(() => false, SECOND);
    crossing.censor.reload({ rules: [READ] });
    client.tcp.send(hello('read.example'), crossing.now);
    crossing.run(() => false, SECOND);
    expect(crossing.interceptor.refused).to.equal(1);
    expect(crossing.injected).to.equal(0);
  });
});
