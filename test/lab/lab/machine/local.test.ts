import { expect } from 'chai';
import { holderArgv, namespaceArgv } from '../../../../src/lab/machine/local.ts';

describe('namespaceArgv()', () => {
  it('asks for a user namespace without privileges alone', () => {
    expect(namespaceArgv(false)).to.include.members(['--user', '--map-root-user']);
    expect(namespaceArgv(true)).to.not.include('--user');
  });
});

describe('holderArgv()', () => {
  const agentFile = '/opt/runner/dist/agent.js';

  it('dies with the runner, and the agent with it', () => {
    const argv = holderArgv({ agentFile, keepable: false }, false);
    expect(argv.slice(0, 5)).to.deep.equal(['setpriv', '--pdeathsig', 'KILL', '--', 'unshare']);
    expect(argv).to.include('--kill-child');
    expect(argv.at(-1)).to.equal(agentFile);
  });

  it('outlives the runner when the lab may be kept', () =>
    expect(holderArgv({ agentFile, keepable: true }, false)[0]).to.equal('unshare'));
});
