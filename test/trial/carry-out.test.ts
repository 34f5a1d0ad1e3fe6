import { expect } from 'chai';
import type { Lab } from '../../src/lab/lab.ts';
import type { Control } from '../../src/model/traffic.ts';
import type { RunEvent } from '../../src/report/report.ts';
import { carryOut } from '../../src/trial/carry-out.ts';

const TIMES = { at: 0, after: [] } as const;
const CASES: readonly (readonly [
  what: string,
  control: Control,
  asked: readonly [string, object],
  noted: object,
])[] = [
  [
    'has a tunnel migrate',
    { name: 'begin', ...TIMES, tunnel: 'wg0', do: { kind: 'migrate', enabled: true } },
    ['controlTunnel', { tunnel: 'wg0', change: { kind: 'migrate', enabled: true } }],
    { kind: 'tunnel-control', control: 'begin', tunnel: 'wg0', migrates: true },
  ],
  [
    'has a tunnel migrate no more',
    { name: 'end', ...TIMES, tunnel: 'wg0', do: { kind: 'migrate', enabled: false } },
    ['controlTunnel', { tunnel: 'wg0', change: { kind: 'migrate', enabled: false } }],
    { kind: 'tunnel-control', control: 'end', tunnel: 'wg0', migrates: false },
  ],
  [
    'has a tunnel go over another',
    { name: 'away', ...TIMES, tunnel: 'wg0', do: { kind: 'switch', to: 'wgnet2' } },
    ['controlTunnel', { tunnel: 'wg0', change: { kind: 'switch', to: 'wgnet2' } }],
    { kind: 'tunnel-control', control: 'away', tunnel: 'wg0', to: 'wgnet2' },
  ],
  [
    'switches a rule of a proxy',
    { name: 'off', ...TIMES, proxy: 'mitm', do: { kind: 'rule', name: 'flip', enabled: false } },
    ['controlProxy', { proxy: 'mitm', change: { kind: 'rule', name: 'flip', enabled: false } }],
    { kind: 'proxy-control', control: 'off', proxy: 'mitm', rule: 'flip', state: 'disabled' },
  ],
  [
    'switches a proxy',
    { name: 'on', ...TIMES, proxy: 'mitm', do: { kind: 'proxy', enabled: true } },
    ['controlProxy', { proxy: 'mitm', change: { kind: 'proxy', enabled: true } }],
    { kind: 'proxy-control', control: 'on', proxy: 'mitm', state: 'enabled' },
  ],
  [
    'stops a censor',
    { name: 'free', ...TIMES, censor: 'wall', do: { kind: 'stop' } },
    ['controlCensor', { censor: 'wall', change: { kind: 'stop' } }],
    { kind: 'control', control: 'free', censor: 'wall', state: 'stopped' },
  ],
];

describe('carryOut()', () => {
  for (const [what, control, asked, noted] of CASES)
    it(`${what}, and notes it once it is in force`, async () => {
      const events: RunEvent[] = [];
      const calls: (readonly [string, object])[] = [];
      let isInForce: () => void = () => undefined;
      const lab = {
        call: (method: string, params: object) => {
          calls.push([method, params]);
          return new Promise<object>((resolve) => (isInForce = () => resolve({})));
        },
      } as Pick<Lab, 'call'>;
      const done = carryOut(lab, control, (event) => void events.push(event));
      expect(calls).to.deep.equal([asked]);
      expect(events).to.deep.equal([]);
      isInForce();
      await done;
      const [event, ...others] = events;
      expect(others).to.deep.equal([]);
      expect(event).to.deep.equal({ ...noted, time: event?.time });
      expect(event?.time).to.be.greaterThan(1_700_000_000_000_000);
    });

  it('notes nothing that the lab refused', async () => {
    const events: RunEvent[] = [];
    const lab = { call: () => Promise.reject(new Error('no such tunnel')) } as Pick<Lab, 'call'>;
    const [, control] = CASES[0] ?? [];
    if (!control) throw new Error('There are cases');
    const refused = carryOut(lab, control, (event) => void events.push(event));
    expect(await refused.catch((error: unknown) => String(error))).to.include('no such tunnel');
    expect(events).to.deep.equal([]);
  });
});
