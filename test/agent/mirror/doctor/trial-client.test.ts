import { expect } from 'chai';
import { formatIp } from '../../../../src/base/addresses.ts';
import { chooseClient } from '../../../../src/agent/mirror/doctor/trial-client.ts';
import { DEFAULT_MIRROR } from '../../../../src/model/mirror-defaults.ts';
import type { PlanMirror } from '../../../../src/model/mirror.ts';
import type { PlanNode } from '../../../../src/model/plan.ts';

const host = (name: string, ...addresses: string[]): PlanNode => ({
  ...{ name, kind: 'host', machine: 'local', stack: 'namespace', path: 'kernel' },
  forwarding: false,
  interfaces: [{ name: 'e', network: 'n', mac: '', mtu: 1500, addresses, offload: false }],
  ...{ routes: [], rules: [], nat: [], names: [], resolvers: [] },
});
const NODES = [
  host('online', '10.1.0.1/24', 'fd00::1/64'),
  host('other', '10.2.0.9/16', 'fd00::9/64'),
  host('client', '10.190.3.4/16'),
];
const MIRROR: PlanMirror = {
  ...DEFAULT_MIRROR,
  name: 'shadow',
  online: { node: 'online', addresses: ['10.1.0.1'], port: 80 },
  target: { node: 'target', addresses: ['10.1.0.2'], port: 81 },
  assistant: 'target',
};

const chosen = (changes: Partial<PlanMirror>, family: 4 | 6 = 4): string | undefined => {
  const client = chooseClient(NODES, { ...MIRROR, ...changes }, family);
  return client && formatIp(client);
};

describe('agent/mirror/doctor/trial-client', () => {
  it('chooseClient() prefers a client of the lab', () => {
    expect(chosen({ clients: ['10.190.0.0/16'] })).to.equal('10.190.3.4');
    expect(chosen({})).to.equal('10.2.0.9');
    expect(chosen({}, 6)).to.equal('fd00::9');
  });

  it('chooseClient() otherwise takes one of the range from which copies come', () => {
    expect(chosen({ clients: ['10.190.0.0/16'], mapped: ['10.200.0.0/16'] })).to.equal(
      '10.200.0.1',
    );
    expect(chosen({ clients: ['10.77.0.5/32'] })).to.equal('10.77.0.5');
  });

  it('chooseClient() knows none of a family that has no clients', () => {
    expect(chosen({ clients: ['10.190.0.0/16'] }, 6)).to.equal(undefined);
  });
});
