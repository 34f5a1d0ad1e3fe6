import { expect } from 'chai';
import { serverNames } from '../../src/traffic/server-names.ts';
import type { HostNames } from '../../src/model/plan.ts';
import type { Service } from '../../src/model/traffic.ts';

const HOSTS: readonly HostNames[] = [
  { address: '10.0.0.1', names: ['server', 'server.inside'] },
  { address: '10.0.0.2', names: ['client'] },
  { address: 'fd00::1', names: ['server'] },
];
const SERVICE: Service = {
  name: 'secure',
  on: 'server',
  addresses: ['10.0.0.1', 'fd00::1'],
  serve: { kind: 'tls', port: 443, names: ['blocked.example'], size: 0 },
};

describe('traffic/server-names serverNames()', () => {
  it('gives every name and address that clients may use, once each', () => {
    expect(serverNames(HOSTS, SERVICE, ['blocked.example'])).to.deep.equal([
      ...['blocked.example', 'server', 'server.inside', '10.0.0.1', 'fd00::1'],
    ]);
  });
});
