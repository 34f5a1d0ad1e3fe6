import { expect } from 'chai';
import type { Expectation } from '../../src/model/expectation.ts';
import type { PlanTunnel, PlanTunnelEnd, TunnelRecord } from '../../src/model/tunnel.ts';
import { tunnelWarnings } from '../../src/trial/tunnel-warnings.ts';

const END: PlanTunnelEnd = {
  ...{ node: 'client', interface: 'wg0', addresses: [], port: 51_820, fwmark: 0 },
  ...{ endpoint: { address: '10.10.2.5', port: 51_820 }, allowed: [] },
};
const tunnel = (name: string, over: readonly string[]): PlanTunnel => ({
  ...{ name, client: END, server: { ...END, node: 'exit', endpoint: null } },
  ...{ mtu: 1360, keepalive: 25, over, migration: null },
});
const TUNNELS = [tunnel('wgnet1', []), tunnel('wg0', ['wgnet1'])];

const record = (name: string, changes: Partial<TunnelRecord> = {}): TunnelRecord => ({
  ...{ name, implementation: 'kernel', version: '6.1', paths: [], switches: [], switched: 0 },
  ...{ handshakes: { client: true, server: true }, leaked: 0, ...changes },
});
const UNSHAKEN = { handshakes: { client: false, server: false } };

type Wish = Partial<Extract<Expectation, { kind: 'tunnel' }>>;

const warn = (records: readonly TunnelRecord[], ...wishes: Wish[]): string[] =>
  tunnelWarnings(
    {
      tunnels: TUNNELS,
      expectations: wishes.map((wish) => ({ kind: 'tunnel', id: '1', tunnel: 'wg0', ...wish })),
    },
    records,
  );

describe('tunnelWarnings()', () => {
  it('has none of tunnels that fared well', () =>
    expect(warn([record('wgnet1'), record('wg0')])).to.deep.equal([]));

  it('says which tunnels have had no handshake, and why', () => {
    const warnings = warn([record('wgnet1', UNSHAKEN), record('wg0', UNSHAKEN)]);
    expect(warnings.map((text) => text.slice(0, 30))).to.deep.equal([
      ...['Tunnel wgnet1: no handshake: "', 'Tunnel wg0: no handshake: "exi'],
    ]);
    expect(warnings[0]).to.include('keys');
    expect(warnings[1]).to.include('wgnet1, which carries it, has no handshake either');
  });

  it('says by which path nothing came, and when', () => {
    const from = Date.UTC(2026, 10, 30, 22, 18, 44, 123) * 1000;
    const silences = [
      { from, to: from + 3_000_000 },
      { from, to: null },
    ];
    const paths = [{ tunnel: 'wgnet1', packets: 9, bytes: 900, share: 1, silences }];
    expect(warn([record('wg0', { paths })])).to.deep.equal([
      'Tunnel wg0: nothing came by wgnet1 for 3.00 s from 22:18:44.123 UTC',
      'Tunnel wg0: nothing came by wgnet1 from 22:18:44.123 UTC to the end',
    ]);
    const some = { silences: { min: 1, max: null, text: '>= 1' } };
    expect(warn([record('wg0', { paths })], some)).to.deep.equal([]);
  });

  it('does not speak of a handshake that is not to be', () =>
    expect(warn([record('wgnet1'), record('wg0', UNSHAKEN)], { handshake: false })).to.deep.equal(
      [],
    ));
});
