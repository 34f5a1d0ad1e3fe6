import { expect } from 'chai';
import {
  type WireguardParts,
  checkWireguard,
  judgeWireguard,
} from '../../../src/lab/doctor/wireguard.ts';

const NOTHING: WireguardParts = {
  kernel: { ok: false, said: 'Error: Unknown device type.' },
  wg: undefined,
  wireguardGo: undefined,
  tun: 'open',
};
const kernel: WireguardParts['kernel'] = { ok: true, said: '' };

describe('lab/doctor/wireguard', () => {
  for (const [what, parts, ok, found] of [
    ["takes the kernel's", { kernel, wg: '/usr/bin/wg' }, true, "the kernel's"],
    [
      'wants wg(8) for the kernel’s',
      { kernel },
      false,
      "the kernel's, and no program wg to configure it",
    ],
    ['takes wireguard-go', { wireguardGo: '/usr/bin/wireguard-go' }, true, '/usr/bin/wireguard-go'],
    [
      'wants /dev/net/tun for wireguard-go',
      { wireguardGo: '/usr/bin/wireguard-go', tun: 'missing' },
      false,
      '/usr/bin/wireguard-go, and no /dev/net/tun',
    ],
    [
      'wants rights to /dev/net/tun for wireguard-go',
      { wireguardGo: '/usr/bin/wireguard-go', tun: 'closed' },
      false,
      '/usr/bin/wireguard-go, and a /dev/net/tun that cannot be opened',
    ],
    ['finds none', {}, false, 'none: Error: Unknown device type.'],
  ] as const)
    it(`judgeWireguard() ${what}`, () => {
      const check = judgeWireguard({ ...NOTHING, ...parts });
      expect(check).to.include({ ok, found, name: 'WireGuard' });
      expect(check.help === undefined).to.equal(ok);
    });

  it('checkWireguard() says what mends it, where it is missing', async () => {
    const check = await checkWireguard();
    expect(check.ok || check.help !== undefined).to.equal(true);
  });
});
