import { expect } from 'chai';
import { traceRoundTrip } from '../../src/analysis/path.ts';
import { planOf } from '../scenario/compile-text.ts';

/** A client, two bridges in a row, a router, a third bridge and a server; `side` hangs on the second bridge. */
const PLAN = planOf(`version: 1
name: bridges
hosts: { client: {}, a: { bridge: true }, b: { bridge: program }, router: {}, c: { bridge: true }, server: {}, side: {} }
networks:
  one: { members: [client, a], subnet: [10.1.0.0/24, "fd00:1::/64"] }
  two: { members: [a, b] }
  three: { members: [b, router] }
  aside: { members: [b, side] }
  four: { members: [router, c], subnet: [10.2.0.0/24, "fd00:2::/64"] }
  five: { members: [c, server], uplink: true }
`);

const THERE = [
  ...['client out one', 'a in one', 'a out two', 'b in two', 'b out three', 'router in three'],
  ...['router out four', 'c in four', 'c out five', 'server in five'],
];
const BACK = THERE.toReversed().map((hop) =>
  hop.replace(/ (in|out) /, (side) => (side === ' in ' ? ' out ' : ' in ')),
);

const words = (hops: readonly { node: string; side: string; network: string }[]): string[] =>
  hops.map(({ node, side, network }) => `${node} ${side} ${network}`);

describe('crossSegment()', () => {
  for (const [source, destination] of [
    ['10.1.0.1', '10.2.0.2'],
    ['fd00:1::1', 'fd00:2::2'],
  ] as const)
    it(`leads from ${source} to ${destination} and back through bridges and a router`, () => {
      const trip = traceRoundTrip(PLAN, 'client', source, destination);
      expect(trip?.forward.arrives && trip.reverse.arrives).to.equal(true);
      expect(words(trip?.forward.hops ?? [])).to.deep.equal(THERE);
      expect(words(trip?.reverse.hops ?? [])).to.deep.equal(BACK);
    });

  it('ends at the uplink of the segment, or where nobody has the address', () => {
    const out = traceRoundTrip(PLAN, 'client', '10.1.0.1', '192.0.2.1')?.forward;
    expect(words(out?.hops ?? [])).to.deep.equal(THERE.slice(0, -1));
    const nobody = traceRoundTrip(PLAN, 'client', '10.1.0.1', '10.1.0.99')?.forward;
    expect(nobody).to.deep.equal({
      hops: [{ node: 'client', network: 'one', side: 'out' }],
      arrives: false,
    });
  });
});
