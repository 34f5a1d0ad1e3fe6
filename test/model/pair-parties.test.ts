import { expect } from 'chai';
import { createPairing } from '../../src/model/pair-parties.ts';
import type { PartyReport } from '../../src/model/script.ts';

const report = (party: string, port: number | null): PartyReport => ({
  ...{ party, node: party, failure: null, operation: null, step: null, start: 0, end: 1 },
  ...{ received: 0, sent: 0, timings: {} },
  tuples:
    port === null
      ? []
      : [
          {
            ...{ channel: 0, protocol: 'tcp', source: '10.0.0.1', sourcePort: port },
            ...{ destination: '10.0.0.2', destinationPort: 9000 },
          },
        ],
});
const play = (client: number | null, server: number | null): PartyReport[] => [
  report('client', client),
  report('server', server),
];
const ports = (reports: readonly PartyReport[]): (number | undefined)[] =>
  reports.map(({ tuples }) => tuples[0]?.sourcePort);

describe('createPairing()', () => {
  it('gives each play the other end of its own connection, whichever attempt had it', async () => {
    const pairing = createPairing(() => () => undefined);
    const first = pairing.settle(play(1, 2));
    const second = pairing.settle(play(2, 3));
    expect(ports(await second)).to.deep.equal([2, 2]);
    expect(ports(await pairing.settle(play(3, 1)))).to.deep.equal([3, 3]);
    expect(ports(await first)).to.deep.equal([1, 1]);
  });

  it('leaves alone what belongs together, or has no connection', async () => {
    const pairing = createPairing(() => () => undefined);
    expect(ports(await pairing.settle(play(4, 4)))).to.deep.equal([4, 4]);
    expect(ports(await pairing.settle(play(null, 5)))).to.deep.equal([undefined, 5]);
  });

  it('does not wait for ever: behind a NAT no two ends agree', async () => {
    let give = (): void => undefined;
    const pairing = createPairing((callback) => {
      give = callback;
      return () => undefined;
    });
    const lonely = pairing.settle(play(6, 7));
    give();
    expect(ports(await lonely)).to.deep.equal([6, 7]);
  });
});
