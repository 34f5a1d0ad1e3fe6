import { release } from 'node:os';
import { expect } from 'chai';
import { parseVersion, wireguardVersion } from '../../../src/agent/wireguard/version.ts';

describe('agent/wireguard/version', () => {
  it('parseVersion() reads the first line of what wireguard-go(8) says', () => {
    expect(parseVersion('wireguard-go v0.0.20220316\n\nUserspace …\n')).to.equal('0.0.20220316');
    expect(parseVersion('sh: not found')).to.equal('');
  });

  it("wireguardVersion() is the kernel's for its own", async () =>
    expect(await wireguardVersion('kernel')).to.equal(release()));
});
