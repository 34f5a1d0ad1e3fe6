import { expect } from 'chai';
import { Fault } from '../../src/base/fault.ts';
import { resolveHop } from '../../src/ssh/hop.ts';
import type { Hop, HopContext } from '../../src/ssh/hop.ts';

const contextOf = (config: string, variables: Record<string, string> = {}): HopContext => ({
  folder: '/scenarios',
  files: [{ path: '/home/me/.ssh/config', text: config }],
  readInclude: () => [],
  environment: { home: '/home/me', user: 'me', hostname: 'here.example.org', variables },
});

function resolved(
  config: string,
  {
    host = 'edge',
    port = null as number | null,
    user = null as string | null,
    identities = [] as string[],
    knownHosts = [] as string[],
    replace = true,
    variables = {},
  } = {},
): Hop {
  return resolveHop(
    { host, port, user },
    { identities, knownHosts, replace },
    contextOf(config, variables),
  );
}

describe('resolveHop()', () => {
  it('has the defaults of ssh where nothing is said', () => {
    expect(resolved('')).to.deep.equal({
      alias: 'edge',
      host: 'edge',
      port: 22,
      user: 'me',
      hostKeyAlias: null,
      knownHosts: [
        '/home/me/.ssh/known_hosts',
        '/home/me/.ssh/known_hosts2',
        '/etc/ssh/ssh_known_hosts',
        '/etc/ssh/ssh_known_hosts2',
      ],
      identities: [],
      defaultIdentities: [
        '/home/me/.ssh/id_ed25519',
        '/home/me/.ssh/id_ecdsa',
        '/home/me/.ssh/id_rsa',
      ],
      identitiesOnly: false,
      agent: null,
      connectTimeout: 10_000,
      aliveInterval: 5_000,
      aliveCount: 3,
      jumps: [],
      proxyCommand: null,
    });
  });

  it('takes what the configuration says', () => {
    const config = `Host edge
      HostName %h.example.org
      Port 2222
      User lab
      HostKeyAlias alias
      IdentityFile ~/keys/%r@%n
      IdentityFile %d/%u.\${SUFFIX}
      IdentitiesOnly yes
      UserKnownHostsFile ~/one ~/two
      GlobalKnownHostsFile none
      ConnectTimeout 1m30s
      ServerAliveInterval 0
      ServerAliveCountMax 7
      ProxyJump a@gate:2200,ssh://[2001:db8::1]:22/,2001:db8::2,%r.example.org`;
    expect(resolved(config, { variables: { SUFFIX: 'key' } })).to.deep.include({
      alias: 'edge',
      host: 'edge.example.org',
      port: 2222,
      user: 'lab',
      hostKeyAlias: 'alias',
      identities: ['/home/me/keys/lab@edge', '/home/me/me.key'],
      defaultIdentities: [],
      identitiesOnly: true,
      knownHosts: ['/home/me/one', '/home/me/two'],
      connectTimeout: 90_000,
      aliveInterval: 0,
      aliveCount: 7,
      jumps: [
        { host: 'gate', port: 2200, user: 'a' },
        { host: '2001:db8::1', port: 22, user: null },
        { host: '2001:db8::2', port: null, user: null },
        { host: 'lab.example.org', port: null, user: null },
      ],
    });
  });

  it('lets what the scenario writes win', () => {
    const config = 'Port 1\nUser a\nIdentityFile b\nUserKnownHostsFile c\n';
    const wishes = {
      port: 2,
      user: 'lab',
      identities: ['keys/id', '~/id'],
      knownHosts: ['/hosts'],
    };
    expect(resolved(config, wishes)).to.deep.include({
      port: 2,
      user: 'lab',
      identities: ['/scenarios/keys/id', '/home/me/id'],
      identitiesOnly: true,
      knownHosts: ['/hosts'],
    });
  });

  it('puts what the scenario writes before the configuration for a jump host', () => {
    const config = 'IdentityFile /b\nUserKnownHostsFile /c\nGlobalKnownHostsFile /d';
    const wishes = { identities: ['id'], knownHosts: ['hosts'], replace: false };
    expect(resolved(config, wishes)).to.deep.include({
      identities: ['/scenarios/id', '/b'],
      identitiesOnly: false,
      knownHosts: ['/scenarios/hosts', '/c', '/d'],
    });
    expect(resolved('', wishes).identities).to.deep.equal(['/scenarios/id']);
    expect(resolved('', wishes).defaultIdentities).to.include('/home/me/.ssh/id_rsa');
  });

  const AGENTS: readonly (readonly [config: string, agent: string | null])[] = [
    ['', '/run/agent'],
    ['IdentityAgent none', null],
    ['IdentityAgent SSH_AUTH_SOCK', '/run/agent'],
    ['IdentityAgent $OTHER', '/run/other'],
    ['IdentityAgent ~/agent-%u', '/home/me/agent-me'],
  ];
  for (const [config, agent] of AGENTS)
    it(`takes the agent at ${String(agent)} for "${config}"`, () => {
      const variables = { SSH_AUTH_SOCK: '/run/agent', OTHER: '/run/other' };
      expect(resolved(config, { variables }).agent).to.equal(agent);
    });

  const FAULTS: readonly (readonly [config: string, message: string])[] = [
    ['Port 70000', 'sets "port" to "70000": expected a number from 1 to 65535'],
    ['ConnectTimeout soon', 'sets "connecttimeout" to "soon"'],
    ['ProxyJump a b', 'ProxyJump names "a b"'],
  ];
  for (const [config, message] of FAULTS)
    it(`refuses "${config}"`, () => {
      expect(() => resolved(config)).to.throw(Fault, message);
    });
});
