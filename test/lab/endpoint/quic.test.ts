import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Observation } from '../../../src/model/observation.ts';
import type { ProbeSpec, Target } from '../../../src/model/traffic.ts';
import { SERVER, createTwoNodes, flow, service } from './two-nodes.ts';
import type { TwoNodes } from './two-nodes.ts';

const v4 = (port: number): Target => ({ host: 'www.example', address: SERVER.v4, port });
const v6 = (port: number): Target => ({ host: 'www.example', address: SERVER.v6, port });
const quic = (target: Target, change: object = {}): ProbeSpec => ({
  ...{ kind: 'quic', target, sni: 'www.example', get: null, version: 1, timeout: 8000 },
  ...change,
});

type Case = readonly [title: string, probe: ProbeSpec, wished: Partial<Observation>];
const SUCCESS = { failure: null, operation: null };

const CASES: readonly Case[] = [
  ['shakes hands over IPv4', quic(v4(443)), SUCCESS],
  ['reads a page over IPv6', quic(v6(443), { get: '/' }), { ...SUCCESS, status: 200 }],
  ['finds no such page', quic(v4(443), { get: '/none' }), { ...SUCCESS, status: 404 }],
  [
    'finds that the server knows no such version',
    quic(v4(443), { version: 0x1a2a3a4a }),
    { failure: 'quic_incompatible_version', operation: 'quic_handshake' },
  ],
  [
    'times out where the Initial vanishes',
    quic(v4(81), { timeout: 500 }),
    {
      ...{ failure: 'generic_timeout_error', operation: 'quic_handshake' },
      detail: 'No packet answered the Initial',
    },
  ],
  [
    'hears that nobody listens',
    quic(v4(9), { timeout: 1000 }),
    { failure: 'generic_timeout_error', operation: 'quic_handshake' },
  ],
];

describe('agent/endpoint QUIC through ngtcp2', function () {
  this.timeout(60_000);
  let lab: TwoNodes;

  before(async () => {
    lab = createTwoNodes(
      [service('h3', { kind: 'quic', port: 443, names: ['www.example'] })],
      CASES.map(([title, probe]) => flow(title, probe)),
    );
    await lab.inNode(
      'server',
      'nft',
      'add table inet lab; add chain inet lab input { type filter hook input priority 0; }; add rule inet lab input udp dport 81 drop',
    );
    expect(await lab.startServices()).to.deep.equal(['h3']);
  });
  after(() => lab.close());

  for (const [title, , wished] of CASES)
    it(`runFlow() ${title}`, async () => {
      const found = await lab.runFlow(title, 1);
      expect(found, JSON.stringify(found)).to.deep.include(wished);
      expect(found.fiveTuple).to.include({ protocol: 'udp' });
      expect(found.fiveTuple?.sourcePort).to.be.above(0);
    });

  it('runFlow() notes the stages in their order', async () => {
    const { timings } = await lab.runFlow('reads a page over IPv6', 2);
    const order = ['initial', 'quic_handshake', 'first_byte', 'done'].map(
      (name) => timings[name] ?? NaN,
    );
    expect([...order].sort((a, b) => a - b)).to.deep.equal(order);
  });

  it('startServices() keeps the key off the disk and logs what the server says', async () => {
    const found = await lab
      .inNode('server', 'grep', '-rl', 'PRIVATE KEY', lab.directory)
      .catch(() => '');
    expect(found).to.equal('');
    const log = readFileSync(join(lab.directory, 'logs', 'server.h3.log'), 'utf8');
    expect(log).to.include('QUIC handshake has completed');
  });

  it('stop() ends the servers, which can be started again', async () => {
    await lab.stop();
    expect((await lab.inNode('server', 'ss', '-Hlnu')).trim()).to.equal('');
    await lab.startServices();
    expect((await lab.runFlow('shakes hands over IPv4', 3)).failure).to.equal(null);
  });
});
