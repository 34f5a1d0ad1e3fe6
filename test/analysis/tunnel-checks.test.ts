import { expect } from 'chai';
import { tunnelChecks } from '../../src/analysis/tunnel-checks.ts';
import type { Expectation, NumberRange } from '../../src/model/expectation.ts';
import type { PlanTunnelEnd, TunnelRecord } from '../../src/model/tunnel.ts';

type Wish = Omit<Extract<Expectation, { kind: 'tunnel' }>, 'kind' | 'id' | 'tunnel'>;

const RECORD: TunnelRecord = {
  name: 'wg0',
  implementation: 'wireguard-go',
  version: '0.0.20220316',
  handshakes: { client: true, server: true },
  paths: [
    { tunnel: 'wgnet1', packets: 60, bytes: 6000, share: 0.6, silences: [] },
    { tunnel: 'wgnet2', packets: 30, bytes: 3000, share: 0.3, silences: [] },
    { tunnel: 'wgnet3', packets: 10, bytes: 1000, share: 0.1, silences: [] },
  ],
  switches: [300, 100, 1500].map((micros, index) => ({ time: index, to: 'wgnet2', micros })),
  switched: 3,
  leaked: 0,
};

const END: PlanTunnelEnd = {
  ...{ node: 'client', interface: 'wg0', addresses: [], port: 51_820, fwmark: 0 },
  ...{ endpoint: null, allowed: [] },
};
const PLAN: Parameters<typeof tunnelChecks>[2] = {
  seed: 1,
  tunnels: [
    {
      ...{ name: 'wg0', client: END, server: END, mtu: 1360, keepalive: 25 },
      over: RECORD.paths.map(({ tunnel }) => tunnel),
      migration: {
        ...{ policy: 'weighted', weights: [5, 4, 1], every: { kind: 'time', ms: 200 }, alpha: 1 },
        ...{ batch: null, trace: null, table: 51_821, families: [4], atStart: true },
      },
    },
  ],
};

const atMost = (max: number): NumberRange => ({ min: null, max, text: `<= ${max}` });

/** Details, those of what does not hold with an exclamation mark. */
function check(wish: Wish, changes: Partial<TunnelRecord> = {}): string[] {
  const expectation = { kind: 'tunnel', id: 'e1', tunnel: 'wg0', ...wish } as const;
  return tunnelChecks(expectation, [{ ...RECORD, ...changes }], PLAN).map(
    ({ held, detail }) => `${held ? '' : '! '}${detail}`,
  );
}

describe('tunnelChecks()', () => {
  it('finds no fault with a tunnel that is as wished', () =>
    expect(
      check({
        ...{ handshake: true, leaked: atMost(0), minShare: 0.1, maxShare: 0.6 },
        ...{ switches: atMost(3), switchTime: atMost(2) },
      }),
    ).to.deep.equal([
      'wg0: a handshake',
      'wg0: leaked packets 0 (<= 0)',
      'wg0: share of wgnet3 10% (>= 10%)',
      'wg0: share of wgnet1 60% (<= 60%)',
      'wg0: switches 3 (<= 3)',
      'wg0: switch time 1.50 ms (<= 2)',
    ]));

  it('names the way that carried too little, and the one that carried too much', () =>
    expect(check({ minShare: 0.2, maxShare: 0.5 })).to.deep.equal([
      '! wg0: share of wgnet3 is 10%, expected >= 20%',
      '! wg0: share of wgnet1 is 60%, expected <= 50%',
    ]));

  it('compares the share of each way with that of its policy', () => {
    expect(check({ shareWithin: 0.1 })).to.deep.equal([
      'wg0: share of wgnet1 60% (50% ± 10%)',
      'wg0: share of wgnet2 30% (40% ± 10%)',
      'wg0: share of wgnet3 10% (10% ± 10%)',
    ]);
    expect(check({ shareWithin: 0.05 }).slice(0, 2)).to.deep.equal([
      '! wg0: share of wgnet1 is 60%, expected 50% ± 5%',
      '! wg0: share of wgnet2 is 30%, expected 40% ± 5%',
    ]);
  });

  it('counts silences of all ways', () => {
    const silences = [{ from: 1, to: null }];
    const paths = RECORD.paths.map((path) => ({ ...path, silences }));
    expect(check({ silences: atMost(0) }, { paths })).to.deep.equal([
      '! wg0: silences is 3, expected <= 0',
    ]);
  });

  it('knows no shares of nothing', () => {
    const paths = RECORD.paths.map((path) => ({ ...path, bytes: 0, share: 0, silences: [] }));
    expect(check({ maxShare: 1 }, { paths })).to.deep.equal([
      '! wg0: nothing passed, so that there are no shares',
    ]);
  });

  it('counts leaks', () =>
    expect(check({ leaked: atMost(0) }, { leaked: 235 })).to.deep.equal([
      '! wg0: leaked packets is 235, expected <= 0',
    ]));

  it('wants a handshake of both ends, or of neither', () => {
    const handshakes = { client: true, server: false };
    expect(check({ handshake: true }, { handshakes })).to.deep.equal([
      '! wg0: no handshake of its server, expected one',
    ]);
    expect(check({ handshake: false }, { handshakes })).to.deep.equal(['wg0: no handshake']);
    expect(check({ handshake: false })).to.deep.equal(['! wg0: a handshake, expected none']);
  });

  it('says that no switch was measured', () =>
    expect(check({ switchTime: atMost(2) }, { switches: [], switched: 0 })).to.deep.equal([
      '! wg0: switch time was not measured, expected <= 2',
    ]));

  it('says that a tunnel was never up', () =>
    expect(check({ handshake: true }, { name: 'wg1' })).to.deep.equal([
      '! tunnel wg0 was never up',
    ]));
});
