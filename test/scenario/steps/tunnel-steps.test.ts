import { expect } from 'chai';
import type { Step } from '../../../src/model/plan.ts';
import { planOf } from '../compile-text.ts';

const COMPS = `version: 1
name: lab
hosts: { client: {}, p1: {}, p2: {}, exit: {}, web: {} }
networks:
  access: { subnet: [10.10.1.0/24, fd00:1::/64], members: [client, p1, p2] }
  backbone: { subnet: 10.10.2.0/24, members: [p1, p2, exit] }
  outside: { subnet: 10.10.3.0/24, members: [exit, web] }
tunnels:
  wgnet1: { wireguard: { client: client, server: p1 } }
  wgnet2: { wireguard: { client: client, server: p2 } }
  wg0: { wireguard: { client: client, server: exit, ipv6: false }, over: [wgnet1, wgnet2] }
`;

const steps = planOf(COMPS).steps.filter(({ id }) => id.startsWith('tunnel:'));
const commands = (isOne: (step: Step) => boolean): string[] =>
  steps.filter(isOne).map(({ command }) => command);

describe('tunnelSteps()', () => {
  it("has CoMPS's rules, and those that mend them", () =>
    expect(commands((step) => step.do.kind === 'rule')).to.deep.equal([
      'ip -n client rule add priority 100 fwmark 51821 table main',
      'ip -n client rule add priority 100 fwmark 51820 table 51821',
      'ip -n client rule add priority 100 fwmark 51822 table 51821',
      'ip -n client rule add priority 201 not fwmark 51820/0xfffffffc table 51820',
      'ip -n client -6 rule add priority 201 not fwmark 51820/0xfffffffc table 51820',
    ]));

  it('ends both tables, also in a family that the tunnel does not carry', () =>
    expect(commands(({ id }) => /:client:route:.*:5182\d/.test(id))).to.deep.equal([
      'ip -n client route add unreachable 0.0.0.0/0 table 51820 metric 4278198272',
      'ip -n client -6 route add unreachable ::/0 table 51820 metric 4278198272',
      'ip -n client route add unreachable 0.0.0.0/0 table 51821 metric 4278198272',
      'ip -n client route add 0.0.0.0/0 dev wgnet1 table 51821',
      'ip -n client route add 0.0.0.0/0 dev wg0 table 51820',
    ]));

  it('has a way for the packets of a tunnel, and counts them elsewhere, before the tunnel is up', () => {
    const place = (id: string): number => steps.findIndex((step) => step.id === id);
    const up = place('tunnel:wg0:client:client');
    expect(up).to.be.greaterThan(-1);
    for (const id of ['rule:1', 'rule:2', 'rule:3', 'remark', 'leaks', 'route:0.0.0.0/0:51821'])
      expect(place(`tunnel:wg0:client:${id}`)).to.be.within(0, up - 1);
    expect(place('tunnel:wgnet2:client:client')).to.be.within(0, up - 1);
    expect(place('tunnel:wg0:exit:server')).to.be.within(0, up - 1);
  });

  it('marks what leaves once more, and counts what leaves by anything else', () =>
    expect(commands(({ id }) => /remark|leaks/.test(id))).to.deep.equal([
      "ip netns exec client nft 'add table inet runner; add chain inet runner remark { type route hook output priority mangle; }; add rule inet runner remark meta nfproto ipv4 meta mark 51820 meta mark set 51822'",
      'ip netns exec client nft add rule inet runner tunnels-out ip daddr 10.10.2.3 udp dport 51820 oifname != { wgnet1, wgnet2 } counter',
    ]));

  it("sends on what comes from a client in the server's name, out of each network of its family", () =>
    expect(commands(({ id }) => id.startsWith('tunnel:wg0:exit:nat'))).to.deep.equal([
      'ip netns exec exit nft add rule inet runner postrouting ip saddr 10.45.1.1/32 oifname exit-backbone masquerade',
      'ip netns exec exit nft add rule inet runner postrouting ip saddr 10.45.1.1/32 oifname exit-outside masquerade',
    ]));

  it('looks at what is for some prefixes before what is for all', () => {
    const plan = planOf(
      `${COMPS}  part: { wireguard: { client: client, server: exit }, route: [10.10.3.0/24] }\n`,
    );
    const rules = plan.steps.flatMap((step) => (step.do.kind === 'rule' ? [step.do.rule] : []));
    const priority = (table: number): number | undefined =>
      rules.find((rule) => rule.table === table && rule.not === true)?.priority;
    expect(priority(51_824)).to.equal(200);
    expect(priority(51_820)).to.equal(201);
  });

  it('has every id once', () =>
    expect(new Set(steps.map(({ id }) => id)).size).to.equal(steps.length));
});
