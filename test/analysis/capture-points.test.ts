import { expect } from 'chai';
import { analyse } from '../../src/analysis/analyse.ts';
import { orderPoints } from '../../src/analysis/capture-points.ts';
import { traceRoundTrip } from '../../src/analysis/path.ts';
import type { SeenPacket } from '../../src/analysis/seen-packet.ts';
import type { Plan } from '../../src/model/plan.ts';
import { planOf } from '../scenario/compile-text.ts';
import { NODES, lineOfThree } from './support/plans.ts';
import { Tape, type TapeOptions } from './support/tape.ts';

const TUPLE = {
  protocol: 'tcp',
  source: '10.10.1.1',
  sourcePort: 1,
  destination: '10.10.2.2',
  destinationPort: 2,
} as const;
const TIMEOUT = { failure: 'generic_timeout_error', operation: 'connect' };

/** SYNs that end in the middle, which was captured with a filter behind it. */
function filtered(filter: string, options: TapeOptions = {}): string | null | undefined {
  const capture: Plan['captures'][number] = {
    node: 'middle',
    network: 'outside',
    interface: '',
    file: '',
    filter,
    snaplen: 65_535,
  };
  const tape = new Tape({
    captured: ['client.inside', 'middle.inside', 'middle.outside'],
    plan: { captures: [capture] },
    ...options,
  });
  tape.pass(0, { forward: true, flags: ['SYN'], sequence: 1 }, { to: 'middle.inside' });
  return analyse(tape.evidence(tape.observation(TIMEOUT)))[0]?.cause;
}

describe('orderPoints()', () => {
  for (const [filter, cause] of [
    ['', 'dropped'],
    ['tcp', 'dropped'],
    ['tcp port 443', 'dropped'],
    ['tcp and port 443', 'dropped'],
    ['port 443', 'dropped'],
    ['ip and tcp', 'dropped'],
    ['ip6 and tcp', 'unexplained'],
    ['udp', 'unexplained'],
    ['tcp port 80', 'unexplained'],
    ['tcp[tcpflags] & tcp-rst != 0', 'unexplained'],
  ] as const)
    it(`takes a packet missing under the filter "${filter}" for ${cause}`, () => {
      expect(filtered(filter)).to.equal(cause);
    });

  it('keeps to the way of the plan when a bridge floods a packet to a network beside it', () => {
    const plan = planOf(`version: 1
name: flooded
hosts: { client: {}, wall: { bridge: true }, server: {}, side: {} }
networks: { in: { members: [client, wall] }, out: { members: [wall, server] }, aside: { members: [wall, side] } }
captures: [server, side, client, wall]
`);
    const [source, destination] = ['10.0.0.1', '10.0.0.2'];
    const path = traceRoundTrip(plan, 'client', source, destination)?.forward;
    const tuple = {
      protocol: 'tcp',
      source,
      destination,
      sourcePort: 1,
      destinationPort: 2,
    } as const;
    // Of a packet, its time alone decides about the way.
    const packets = [{ time: 1 } as unknown as SeenPacket];
    const listings = plan.captures.map(({ node, network }) => ({
      ...{ capture: `${node}.${network}`, node, network },
      packets: node === 'client' || node === 'side' ? packets : [],
    }));
    const ends = { sender: 'client', receiver: 'server' };
    const points = orderPoints(plan, tuple, path ?? { hops: [], arrives: false }, ends, listings);
    expect(points.map(({ point }) => [point.capture, ...point.before.nodes])).to.deep.equal([
      ['client.in'],
      ['wall.in'],
      ['wall.out', 'wall'],
      ['server.out'],
    ]);
  });

  it('goes by time where packets take a way that the plan does not tell', () => {
    // The plan knows no route to the server: a mark that some program sets decides.
    const client = { ...NODES.client, routes: [] };
    const tape = new Tape({ plan: { nodes: [client, NODES.middle, NODES.server] } });
    tape.handshake();
    tape.pass(60, { forward: true, sequence: 1001, payload: 'x' }, { to: 'middle.inside' });
    const [verdict] = analyse(tape.evidence(tape.observation(TIMEOUT)));
    expect(verdict).to.include({ cause: 'dropped', by: 'middle' });
  });

  it('goes by TTL where the clocks of two machines cannot tell which came first', () => {
    const { client, middle, server } = NODES;
    const plan = lineOfThree({ nodes: [client, middle, server] });
    // Seen at the server before it left the client.
    const listings = [
      ['server', 'outside', 1000, 63],
      ['client', 'inside', 1400, 64],
      ['middle', 'inside', 1500, 64],
    ].map(([node, network, time, ttl]) => ({
      ...{ capture: `${node}.${network}`, node: `${node}`, network: `${network}` },
      packets: [{ time, ttl } as unknown as SeenPacket],
    }));
    const way = (error: number): string[] =>
      orderPoints(
        plan,
        { ...TUPLE },
        { hops: [], arrives: false },
        { sender: 'client', receiver: 'server' },
        listings,
        (node, other) => (node !== other && [node, other].includes('server') ? error : 0),
      ).map(({ point }) => point.node);
    expect(way(0)).to.deep.equal(['server', 'client', 'middle']);
    expect(way(600)).to.deep.equal(['client', 'middle', 'server']);
  });
});
