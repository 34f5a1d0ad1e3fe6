import { expect } from 'chai';
import { ingressScript, queueRules } from '../../../src/agent/packet/kernel-path.ts';
import { NODE } from '../../roles/forward/router.ts';

describe('agent/packet/kernel-path', () => {
  it("ingressScript() lets in what is the node's own and drops what is to be forwarded", () => {
    expect(ingressScript(NODE).split('\n')).to.deep.equal([
      'add table netdev runner',
      'add chain netdev runner forwarded { type filter hook ingress devices = { "r-left", "r-right" } priority 0; policy accept; }',
      'add rule netdev runner forwarded meta pkttype != host accept',
      'add rule netdev runner forwarded ip daddr != { 10.1.0.1, 10.2.0.1 } drop',
      'add rule netdev runner forwarded ip6 daddr != { fe80::/10, fd00:1::1, fd00:2::1 } drop',
      '',
    ]);
  });

  it('ingressScript() drops all IPv4 of a node without an IPv4 address', () => {
    const interfaces = NODE.interfaces.map((device) => ({ ...device, addresses: [] }));
    expect(ingressScript({ ...NODE, interfaces })).to.include('meta protocol ip drop');
  });

  it('ingressScript() refuses names that could end a quotation', () => {
    const interfaces = NODE.interfaces.map((device) => ({ ...device, name: 'a" accept' }));
    expect(() => ingressScript({ ...NODE, interfaces })).to.throw('names interfaces plainly');
  });

  it('queueRules() queue what is forwarded and leave injected packets untracked, but where NAT rewrites them', () => {
    const nat = [{ interface: 'r-right', masquerade: true }] as const;
    expect(queueRules({ ...NODE, nat }).split('\n')).to.deep.equal([
      '*raw',
      '-A OUTPUT -o "r-right" -m mark --mark 1853030401 -j ACCEPT',
      '-A OUTPUT -m mark --mark 1853030401 -j CT --notrack',
      'COMMIT',
      '*mangle',
      '-A FORWARD -j NFQUEUE --queue-num 0',
      'COMMIT',
      '',
    ]);
  });
});
