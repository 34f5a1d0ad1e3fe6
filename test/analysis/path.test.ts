import { expect } from 'chai';
import { traceRoundTrip } from '../../src/analysis/path.ts';
import type { Path } from '../../src/analysis/path.ts';
import { NODES, lineOfThree, planNetwork, planNode, route } from './support/plans.ts';

const words = ({ hops }: Path): string[] =>
  hops.map(({ node, network, side }) => `${node} ${side} ${network}`);

const FORWARD = [
  'client out inside',
  'middle in inside',
  'middle out outside',
  'server in outside',
];
const REVERSE = [
  'server out outside',
  'middle in outside',
  'middle out inside',
  'client in inside',
];

describe('traceRoundTrip()', () => {
  for (const [source, destination] of [
    ['10.10.1.1', '10.10.2.2'],
    ['fd00:1::1', 'fd00:2::2'],
  ] as const)
    it(`follows the routes from ${source} to ${destination} and back`, () => {
      const trip = traceRoundTrip(lineOfThree(), 'client', source, destination)!;
      expect(trip.forward.arrives && trip.reverse.arrives).to.equal(true);
      expect(words(trip.forward)).to.deep.equal(FORWARD);
      expect(words(trip.reverse)).to.deep.equal(REVERSE);
    });

  it('undoes masquerading on the way back', () => {
    const middle = {
      ...NODES.middle,
      nat: [{ interface: 'middle-outside', masquerade: true as const }],
    };
    // The server knows no way to the client, only to the address that it sees.
    const server = { ...NODES.server, routes: [route('10.10.2.0/24', 'server-outside')] };
    const plan = lineOfThree({ nodes: [NODES.client, middle, server] });
    const trip = traceRoundTrip(plan, 'client', '10.10.1.1', '10.10.2.2')!;
    expect(words(trip.forward)).to.deep.equal(FORWARD);
    expect(words(trip.reverse)).to.deep.equal(REVERSE);
  });

  it('obeys policy rules by source and priority', () => {
    const other = planNode('other', [{ network: 'inside', addresses: ['10.10.1.9/24'] }]);
    const client = {
      ...NODES.client,
      routes: [
        ...NODES.client.routes,
        { ...route('0.0.0.0/0', 'client-inside', '10.10.1.9'), table: 100 },
      ],
      rules: [
        { family: 4 as const, priority: 5, from: '10.10.1.7', table: 'main' as const },
        { family: 4 as const, priority: 10, from: '10.10.1.0/24', table: 100 },
      ],
    };
    const plan = lineOfThree({ nodes: [client, NODES.middle, NODES.server, other] });
    const ruled = traceRoundTrip(plan, 'client', '10.10.1.1', '10.10.2.2')!;
    expect(words(ruled.forward)).to.deep.equal(['client out inside', 'other in inside']);
    expect(ruled.forward.arrives).to.equal(false);
    const exempt = traceRoundTrip(plan, 'client', '10.10.1.7', '10.10.2.2')!;
    expect(words(exempt.forward)).to.deep.equal(FORWARD);
  });

  it('prefers the longest prefix, then the lowest metric', () => {
    const client = {
      ...NODES.client,
      routes: [
        { ...route('10.10.2.0/24', 'client-inside', '10.10.1.2'), metric: 10 },
        { ...route('10.10.2.0/24', 'client-inside', '10.10.1.99'), metric: 20 },
        route('10.10.0.0/16', 'client-inside', '10.10.1.99'),
      ],
    };
    const plan = lineOfThree({ nodes: [client, NODES.middle, NODES.server] });
    const trip = traceRoundTrip(plan, 'client', '10.10.1.1', '10.10.2.2')!;
    expect(words(trip.forward)).to.deep.equal(FORWARD);
  });

  it('ends at a blackhole, without a route, and in a loop', () => {
    const blackhole = { ...route('0.0.0.0/0', 'client-inside'), kind: 'blackhole' as const };
    const loop = planNode(
      'middle',
      [{ network: 'inside', addresses: ['10.10.1.2/24'] }],
      [route('0.0.0.0/0', 'middle-inside', '10.10.1.1')],
    );
    for (const [client, middle, hops] of [
      [{ ...NODES.client, routes: [blackhole] }, NODES.middle, 0],
      [{ ...NODES.client, routes: [] }, NODES.middle, 0],
      [NODES.client, loop, 128],
    ] as const) {
      const plan = lineOfThree({ nodes: [client, middle, NODES.server] });
      const trip = traceRoundTrip(plan, 'client', '10.10.1.1', '10.10.2.2')!;
      expect(trip.forward.hops).to.have.length(hops);
      expect(trip.forward.arrives).to.equal(false);
    }
  });

  it('gives nothing for what is no address', () => {
    expect(traceRoundTrip(lineOfThree(), 'client', 'client', 'server')).to.equal(null);
  });

  it('meets the member of a larger network that has the next hop', () => {
    const bystander = planNode('bystander', [{ network: 'inside', addresses: ['10.10.1.3/24'] }]);
    const nodes = [bystander, NODES.client, NODES.middle, NODES.server];
    const plan = lineOfThree({
      nodes,
      networks: [planNetwork('inside', nodes), planNetwork('outside', nodes)],
    });
    expect(words(traceRoundTrip(plan, 'client', '10.10.1.1', '10.10.2.2')!.forward)).to.deep.equal(
      FORWARD,
    );
  });
});
