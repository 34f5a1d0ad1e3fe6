import { expect } from 'chai';
import type { TunnelRecord } from '../../../../src/model/tunnel.ts';
import { type CompsLab, obstacle, withComps } from './comps-lab.ts';
import { type CompsWish, PATHS, ROUND_ROBIN, WEB } from './comps.ts';
import { recordOf } from '../../lab/labs.ts';
import { changeKeys } from './wireguards.ts';

const STILL = { ...ROUND_ROBIN, policy: 'none', atStart: false } as const;
const ours = (ms: number): CompsWish => ({
  isDocumented: false,
  migration: { ...ROUND_ROBIN, every: { kind: 'time', ms } },
});

/** What its documentation says to do by hand: from one path to the next, `seconds` each, so many times around. */
const byHand = (how: 'replace' | 'del and add', seconds: number, rounds: number): string => {
  const table = 'table 51821';
  const turns = PATHS.map((next, index) => {
    const last = PATHS.at(index - 1) ?? '';
    const change =
      how === 'replace'
        ? `ip route replace default dev ${next} ${table}`
        : `ip route del default dev ${last} ${table}; ip route add default dev ${next} ${table}`;
    return `${change}; sleep ${seconds}`;
  });
  return `ip route replace default dev ${PATHS.at(-1) ?? ''} ${table}; for round in $(seq ${rounds}); do ${turns.join('; ')}; done`;
};

async function loadByHand(comps: CompsLab, script: string): Promise<TunnelRecord> {
  const [, migrated] = await Promise.all([
    comps.load(4000, 'down'),
    comps.run('client', 'sh', '-c', script),
  ]);
  expect(migrated.status).to.equal(0);
  return comps.finish();
}

const leastShare = ({ paths }: TunnelRecord): number =>
  Math.min(...paths.map(({ share }) => share));

describe('agent/tunnel', function () {
  this.timeout(120_000);
  const reason = obstacle();
  before(function () {
    if (reason === undefined) return;
    this.test?.parent?.tests.forEach((test) => (test.title += ` (skipped: ${reason})`));
    this.skip();
  });

  it('shakes hands in both layers and carries TCP through them while it migrates, without a leak', () =>
    withComps(ours(100), async (comps) => {
      const { down, up, isWhole } = await comps.load(4000, 'both');
      const record = await comps.finish();
      expect(record.handshakes).to.deep.equal({ client: true, server: true });
      expect(isWhole).to.equal(true);
      expect(down).to.be.greaterThan(100_000);
      expect(up).to.be.greaterThan(100_000);
      expect(record.leaked).to.equal(0);
      expect(leastShare(record), JSON.stringify(record.paths)).to.be.greaterThan(0.23);
      expect(record.switched).to.equal(comps.switches().length);
      expect(record.switches.map(({ to }) => to).slice(0, 4)).to.deep.equal([
        ...['wgnet2', 'wgnet3', 'wgnet1', 'wgnet2'],
      ]);
      const bytes = record.paths.reduce((sum, path) => sum + path.bytes, 0);
      expect(bytes).to.be.greaterThan(down + up);
    }));

  it('switches by packets that the client has sent, and begins and ends when it is told', () => {
    const migration = {
      ...{ ...ROUND_ROBIN, atStart: false },
      every: { kind: 'packets', count: 5 },
    } as const;
    return withComps({ isDocumented: false, migration }, async (comps) => {
      const ping = async (count: number): Promise<void> => {
        const told = await comps.run(
          ...(['client', 'ping', '-n', '-i', '0.05', '-c', String(count), WEB] as const),
        );
        expect(told.output).to.include(` 0% packet loss`);
      };
      await ping(7);
      expect(comps.switches()).to.deep.equal([]);
      const tell = (enabled: boolean): Promise<unknown> =>
        comps.lab.call(
          'controlTunnel',
          { tunnel: 'wg0', change: { kind: 'migrate', enabled } },
          5000,
        );
      await tell(true);
      await ping(21);
      await tell(false);
      expect(comps.switches().map(({ to }) => to)).to.deep.equal([
        ...['wgnet2', 'wgnet3', 'wgnet1', 'wgnet2'],
      ]);
      await ping(11);
      const change = { kind: 'switch', to: 'wgnet3' } as const;
      await comps.lab.call('controlTunnel', { tunnel: 'wg0', change }, 5000);
      const { switched, switches, leaked } = await comps.finish();
      expect({ switched, leaked }).to.deep.equal({ switched: 5, leaked: 0 });
      expect(switches.at(-1)?.to).to.equal('wgnet3');
    });
  });

  it('goes on without the handshakes that a dead proxy and other keys do not let through, tells why, and takes another path', () =>
    withComps(
      { isDocumented: false, migration: STILL },
      async (comps) => {
        const change = { kind: 'switch', to: 'wgnet2' } as const;
        await comps.lab.call('controlTunnel', { tunnel: 'wg0', change }, 5000);
        const reason =
          'no handshake: "proxy1" has heard nothing that it trusts from "client", by way of 10.0.0.11:51820.';
        expect(comps.log('wgnet1')).to.include(reason).and.to.include("each other's keys");
        expect(comps.log('wgnet3')).to.include('no handshake: "proxy3"');
        expect(comps.log('wg0')).to.include('wgnet1, which carries it, has no handshake either');
        // It asks again each 5 s.
        const ping = await comps.run('client', 'ping', '-n', '-c', '1', '-w', '20', WEB);
        expect(ping.status, ping.output).to.equal(0);
        const { handshakes, leaked } = await comps.finish();
        expect({ handshakes, leaked }).to.deep.equal({
          ...{ handshakes: { client: true, server: true }, leaked: 0 },
        });
      },
      async ({ lab, run }) => {
        await run('proxy1', 'ip', 'link', 'set', 'proxy1-net', 'down');
        await changeKeys(recordOf(lab.id).agentPid, 'wgnet3');
      },
    ));

  it('says which tunnels there are not', () =>
    withComps({ isDocumented: false, migration: STILL }, async ({ lab }) => {
      const refusal = async (tunnel: string, to: string): Promise<string> =>
        lab.call('controlTunnel', { tunnel, change: { kind: 'switch', to } }, 5000).then(
          () => '',
          (error: unknown) => (error instanceof Error ? error.message : ''),
        );
      expect(await refusal('wgnet1', 'wgnet2')).to.equal(
        'The lab has no tunnel "wgnet1" that migrates',
      );
      expect(await refusal('wg0', 'wgnet4')).to.equal('Tunnel "wg0" does not go over "wgnet4"');
    }));

  describe('fail-open: without a default route for it, a tunnel', () => {
    it('as documented goes straight to its other end', () =>
      withComps({ isDocumented: true, migration: STILL }, async (comps) => {
        const record = await comps.finish();
        expect(record.handshakes).to.deep.equal({ client: true, server: true });
        expect(record.leaked).to.be.greaterThan(0);
        expect(record.paths.map(({ bytes }) => bytes)).to.deep.equal([0, 0, 0]);
      }));

    it('of ours goes nowhere', () =>
      withComps({ isDocumented: false, migration: STILL }, async (comps) => {
        const removal = 'ip route del default dev wgnet1 table 51821'.split(' ');
        expect((await comps.run('client', ...removal)).status).to.equal(0);
        const ping = await comps.run(
          'client',
          'ping',
          '-n',
          '-c',
          '3',
          '-i',
          '0.2',
          '-W',
          '1',
          WEB,
        );
        expect(ping.output).to.include(' 100% packet loss');
        expect((await comps.finish()).leaked).to.equal(0);
      }));
  });

  describe('leak: while the route is removed and added, a tunnel under load', () => {
    const script = byHand('del and add', 0.05, 20);

    it('as documented goes straight to its other end', () =>
      withComps({ isDocumented: true, migration: STILL }, async (comps) => {
        expect((await loadByHand(comps, script)).leaked).to.be.greaterThan(0);
      }));

    it('of ours does not', () =>
      withComps({ isDocumented: false, migration: STILL }, async (comps) => {
        expect((await loadByHand(comps, script)).leaked).to.equal(0);
      }));
  });

  describe('no migration: with wireguard-go under load, and each route replaced, a tunnel', () => {
    it('as documented stays on the path by which it heard the last packet', () =>
      withComps({ isDocumented: true, migration: STILL }, async (comps) => {
        const record = await loadByHand(comps, byHand('replace', 0.4, 3));
        if (record.implementation === 'kernel') return;
        expect(leastShare(record), JSON.stringify(record.paths)).to.be.lessThan(0.1);
      }));

    it('of ours goes the way that is in force', () =>
      withComps(ours(400), async (comps) => {
        await comps.load(4000, 'down');
        const record = await comps.finish();
        expect(leastShare(record), JSON.stringify(record.paths)).to.be.greaterThan(0.2);
      }));
  });
});
