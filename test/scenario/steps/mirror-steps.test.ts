import { expect } from 'chai';
import { DEFAULT_MIRROR } from '../../../src/model/mirror-defaults.ts';
import type { PlanMirror } from '../../../src/model/mirror.ts';
import { mirrorSteps } from '../../../src/scenario/steps/mirror-steps.ts';
import { planOf } from '../compile-text.ts';

const { nodes, networks } = planOf(`version: 1
name: lab
hosts: { client: {}, far: {}, router: {}, online: {}, target: {}, assistant: {} }
networks:
  front: { subnet: [10.190.0.0/24, fd90::/64], members: [client, far, router, online] }
  back: { subnet: [10.191.0.0/29, fd91::/64], members: [router, online, target, assistant] }
`);

const MIRROR: PlanMirror = {
  ...DEFAULT_MIRROR,
  name: 'shadow',
  online: { node: 'online', addresses: ['10.190.0.4'], port: 9999 },
  target: { node: 'target', addresses: ['10.191.0.3', 'fd91::3'], port: 10_231 },
  assistant: 'assistant',
  clients: ['10.190.0.0/24'],
};

const commandsOf = (mirror: Partial<PlanMirror>): string[] =>
  mirrorSteps(nodes, networks, [{ ...MIRROR, ...mirror }]).map(({ command }) => command);

describe('mirrorSteps()', () => {
  it('has what is for clients go to the assistant, and what is for other nodes go as before', () =>
    expect(commandsOf({})).to.deep.equal([
      'ip -n target route add 0.0.0.0/0 via 10.191.0.4 dev target-back table 53000',
      'ip -n target rule add priority 60 to 10.190.0.3/32 table main',
      'ip -n target rule add priority 60 to 10.190.0.4/32 table main',
      'ip -n target rule add priority 61 to 10.190.0.0/24 table 53000',
      'ip netns exec assistant nft add rule inet runner mirror-sink ip saddr 10.191.0.3 ip daddr { 10.190.0.0/24 } tcp sport 10231 counter drop',
      'ip netns exec client nft add rule inet runner mirror-leaks ip saddr 10.191.0.3 tcp sport 10231 counter',
      'ip netns exec far nft add rule inet runner mirror-leaks ip saddr 10.191.0.3 tcp sport 10231 counter',
    ]));

  it('takes all for clients who have no part in it, where it names none', () =>
    expect(
      commandsOf({ clients: [] }).filter((command) => command.includes(' rule add priority')),
    ).to.deep.equal([
      'ip -n target rule add priority 61 to 10.190.0.1/32 table 53000',
      'ip -n target rule add priority 61 to 10.190.0.2/32 table 53000',
      'ip -n target rule add priority 61 to 10.190.0.3/32 table 53000',
      'ip -n target rule add priority 61 to 10.191.0.1/32 table 53000',
      'ip -n target -6 rule add priority 61 to fd90::1/128 table 53000',
      'ip -n target -6 rule add priority 61 to fd90::2/128 table 53000',
      'ip -n target -6 rule add priority 61 to fd90::3/128 table 53000',
      'ip -n target -6 rule add priority 61 to fd91::1/128 table 53000',
    ]));

  it('leads to a neighbour that nobody is where the target is its own assistant', () => {
    const [neighbour, route, ...rest] = commandsOf({ assistant: 'target' });
    expect(neighbour).to.equal(
      'ip -n target neighbour add 10.191.0.6 lladdr 02:6d:69:72:00:00 dev target-back nud permanent',
    );
    expect(route).to.equal(
      'ip -n target route add 0.0.0.0/0 via 10.191.0.6 dev target-back table 53000',
    );
    expect(rest.join('\n')).to.not.include('mirror-sink');
  });

  it('leaves clients their own addresses in a family of which no prefix is mapped', () =>
    expect(commandsOf({ clients: [], mapped: ['10.200.0.0/16'] })).to.include(
      'ip -n target -6 rule add priority 61 to fd90::1/128 table 53000',
    ));

  it('has mirrors of one target share what leads to their clients', () => {
    const other = { ...MIRROR, name: 'other', assistant: 'target' };
    const commands = mirrorSteps(nodes, networks, [
      { ...other, name: 'one' },
      { ...other, target: { ...MIRROR.target, port: 443 } },
    ]).map(({ command }) => command);
    for (const part of ['neighbour add', 'priority 60 to 10.190.0.3/32'])
      expect(commands.filter((command) => command.includes(part))).to.have.length(1);
  });

  it('routes mapped prefixes, and counts at the real clients', () => {
    const commands = commandsOf({ mapped: ['10.200.0.0/16'] });
    expect(commands).to.include('ip -n target rule add priority 61 to 10.200.0.0/16 table 53000');
    expect(commands.join('\n')).to.include('netns exec client nft').and.not.include('to 10.190');
  });

  it('routes the widest of prefixes that hold each other', () =>
    expect(
      commandsOf({ clients: ['10.190.0.0/24', '10.0.0.0/8', '10.0.0.0/8'] }).filter((command) =>
        command.includes('priority 61'),
      ),
    ).to.deep.equal(['ip -n target rule add priority 61 to 10.0.0.0/8 table 53000']));

  it('has connections of clients go to a mirror of streams, and nothing else', () =>
    expect(commandsOf({ mode: 'stream' })).to.deep.equal([
      'ip netns exec online iptables -t nat -A PREROUTING -p tcp -d 10.190.0.4 -m multiport --dports 9999 -j REDIRECT --to-ports 36524',
    ]));
});
