import { expect } from 'chai';
import { endpointOf } from '../../src/analysis/capture-index.ts';
import { isOfTunnel } from '../../src/analysis/tunnel-packets.ts';
import type { PlanTunnel, PlanTunnelEnd } from '../../src/model/tunnel.ts';
import { IP_PROTOCOL } from '../../src/wire/ip-protocol.ts';

const END: PlanTunnelEnd = {
  ...{ node: 'client', interface: 'wg0', addresses: ['10.45.0.1/32'], port: 51_820, fwmark: 0 },
  ...{ endpoint: { address: '10.10.2.5', port: 51_820 }, allowed: [] },
};
const TUNNEL: PlanTunnel = {
  ...{ name: 'wg0', client: END, server: { ...END, node: 'exit', endpoint: null } },
  ...{ mtu: 1360, keepalive: 25, over: [], migration: null },
};

describe('isOfTunnel()', () => {
  const ends = ['10.10.1.1 40000', '10.10.2.5 51820', '10.10.2.5 443'].map((text) => {
    const [address = '', port] = text.split(' ');
    return endpointOf(address, Number(port))!;
  });
  const [client, server, other] = ends;
  const isOne = (protocol: number, near = client, far = server): boolean =>
    isOfTunnel({ tunnels: [TUNNEL] }, { protocol, near: near!, far: far! });

  it('tells what a tunnel sends to its endpoint and has from there', () => {
    expect(isOne(IP_PROTOCOL.udp)).to.equal(true);
    expect(isOne(IP_PROTOCOL.udp, server, client)).to.equal(true);
  });

  it('leaves the rest alone', () => {
    expect(isOne(IP_PROTOCOL.tcp)).to.equal(false);
    expect(isOne(IP_PROTOCOL.udp, client, other)).to.equal(false);
    const conversation = { protocol: IP_PROTOCOL.udp, near: client!, far: server! };
    expect(isOfTunnel({}, conversation)).to.equal(false);
  });
});
