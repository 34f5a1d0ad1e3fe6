import { expect } from 'chai';
import { serverNames } from '../../src/traffic/server-names.ts';
import type { PlanNode } from '../../src/model/plan.ts';
import type { Service } from '../../src/model/traffic.ts';

const NODE: PlanNode = {
  name: 'server',
  kind: 'host',
  machine: 'local',
  stack: 'namespace',
  forwarding: false,
  path: 'kernel',
  interfaces: [],
  routes: [],
  rules: [],
  nat: [],
  names: [
    { address: '10.0.0.1', names: ['server', 'server.inside'] },
    { address: '10.0.0.2', names: ['client'] },
  ],
  resolvers: [],
};
const SERVICE: Service = {
  name: 'secure',
  on: 'server',
  addresses: ['10.0.0.1', 'fd00::1'],
  serve: { kind: 'tls', port: 443, names: ['blocked.example'], size: 0 },
};

describe('traffic/server-names serverNames()', () => {
  it('gives every name and address that clients may use, once each', () => {
    expect(serverNames([NODE, NODE], SERVICE, ['blocked.example'])).to.deep.equal([
      ...['blocked.example', 'server', 'server.inside', '10.0.0.1', 'fd00::1'],
    ]);
  });
});
