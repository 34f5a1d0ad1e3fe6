import { expect } from 'chai';
import type { TunnelRecord } from '../../src/model/tunnel.ts';
import {
  describeTunnel,
  describeTunnelControl,
  tunnelWishes,
} from '../../src/report/describe-tunnel.ts';

const RECORD: TunnelRecord = {
  ...{ name: 'wg0', implementation: 'kernel', version: '6.18', switches: [] },
  handshakes: { client: true, server: true },
  paths: [
    { tunnel: 'wgnet1', packets: 2, bytes: 200, share: 2 / 3, silences: [] },
    { tunnel: 'wgnet2', packets: 1, bytes: 100, share: 1 / 3, silences: [] },
  ],
  ...{ switched: 1, leaked: 0 },
};

describe('describeTunnel()', () => {
  it('says what each way carried', () =>
    expect(describeTunnel(RECORD)).to.equal(
      'wg0: wgnet1 66.7%, wgnet2 33.3% of 300 bytes, 1 switch, 0 leaked',
    ));

  it('has no shares of a tunnel that is over no other', () =>
    expect(describeTunnel({ ...RECORD, paths: [] })).to.equal('wg0: handshake'));

  it('says that an end has heard nothing', () =>
    expect(describeTunnel({ ...RECORD, handshakes: { client: true, server: false } })).to.equal(
      'wg0: no handshake',
    ));
});

describe('describeTunnelControl()', () => {
  it('tells a migration from a switch', () => {
    const words = [{ migrates: true }, { migrates: false }, { to: 'wgnet2' }].map((change) =>
      describeTunnelControl({ tunnel: 'wg0', ...change }),
    );
    expect(words).to.deep.equal(['wg0 migrates', 'wg0 migrates no more', 'wg0 goes over wgnet2']);
  });
});

describe('tunnelWishes()', () => {
  it('has those that are there', () => {
    const none = { min: 0, max: 0, text: '0' };
    const wish = { kind: 'tunnel', id: '1', tunnel: 'wg0' } as const;
    expect(tunnelWishes({ ...wish, handshake: false })).to.deep.equal(['no handshake']);
    expect(tunnelWishes({ ...wish, handshake: true, leaked: none, minShare: 0.25 })).to.deep.equal([
      'handshake',
      'leaked 0',
      'shares >= 25%',
    ]);
  });
});
