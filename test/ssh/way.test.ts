import { expect } from 'chai';
import { Fault } from '../../src/base/fault.ts';
import type { SshDestination } from '../../src/model/machine.ts';
import { resolveWay } from '../../src/ssh/way.ts';
import type { HopContext } from '../../src/ssh/hop.ts';

const context = (config: string): HopContext => ({
  folder: '/scenarios',
  files: [{ path: '/home/me/.ssh/config', text: config }],
  readInclude: () => [],
  environment: { home: '/home/me', user: 'me', hostname: 'here', variables: {} },
});

const edge: SshDestination = {
  host: 'edge',
  port: null,
  user: null,
  identities: [],
  knownHosts: [],
  jumps: null,
};

const hosts = (config: string, destination = edge): string[] =>
  resolveWay(destination, context(config)).map(({ host }) => host);

describe('resolveWay()', () => {
  const WAYS: readonly (readonly [what: string, config: string, way: readonly string[]])[] = [
    ['goes straight where nothing is in between', '', ['edge']],
    ['goes through a list in its order', 'Host edge\nProxyJump a,b', ['a', 'b', 'edge']],
    [
      'goes to the first jump host by that host’s own way',
      'Host edge\nProxyJump a,b\nHost a\nProxyJump c\nHost b\nProxyJump d',
      ['c', 'a', 'b', 'edge'],
    ],
    ['does not send a jump host through itself', 'Host *\nProxyJump gate', ['gate', 'edge']],
    ['takes "none" for none', 'Host edge\nProxyJump none\nHost *\nProxyJump gate', ['edge']],
  ];
  for (const [what, config, way] of WAYS)
    it(what, () => {
      expect(hosts(config)).to.deep.equal(way);
    });

  it('lets the jump hosts of the scenario take the place of the configuration’s', () => {
    const jump = { host: 'mine', port: null, user: null };
    const config = 'Host edge\nProxyJump a\nHost other\nProxyCommand nc %h %p';
    expect(hosts(config, { ...edge, jumps: [jump] })).to.deep.equal(['mine', 'edge']);
    expect(hosts(config, { ...edge, jumps: [] })).to.deep.equal(['edge']);
    expect(hosts(config, { ...edge, host: 'other', jumps: [jump] })).to.deep.equal([
      'mine',
      'other',
    ]);
  });

  it('refuses a loop', () => {
    const config = 'Host a\nProxyJump b\nHost b\nProxyJump a\nHost edge\nProxyJump a';
    expect(() => hosts(config)).to.throw(Fault, 'form a loop');
  });

  it('refuses a ProxyCommand and says what to write', () => {
    try {
      hosts('ProxyCommand nc %h %p');
      expect.fail();
    } catch (error) {
      expect(error).to.be.instanceOf(Fault).with.property('help').that.includes('ProxyJump');
    }
  });
});
