import { expect } from 'chai';
import { formatIp } from '../../../src/base/addresses.ts';
import { ClientMapping } from '../../../src/roles/mirror/client-mapping.ts';
import { endKey } from '../../../src/roles/mirror/ends.ts';
import { ip } from '../forward/router.ts';

const mapped = (prefixes: readonly string[], client: string): string =>
  formatIp(new ClientMapping(prefixes).addressOf(ip(client)));

describe('roles/mirror/client-mapping', () => {
  it('addressOf() keeps the address of a family that is not mapped', () => {
    expect(mapped([], '10.1.2.3')).to.equal('10.1.2.3');
    expect(mapped(['fd00::/64'], '10.1.2.3')).to.equal('10.1.2.3');
  });

  it('addressOf() keeps the host part, in a prefix that has room for it', () => {
    expect(mapped(['10.190.0.0/16', 'fd0a::/64'], '10.1.2.3')).to.equal('10.190.2.3');
    expect(mapped(['10.190.0.0/16', 'fd0a::/64'], 'fd00:1::7')).to.equal('fd0a::7');
    expect(mapped(['10.190.5.9/32'], '10.1.2.3')).to.equal('10.190.5.9');
  });

  it('addressOf() never gives the address of the network or that of all hosts', () => {
    for (let last = 0; last < 256; last += 1)
      expect(mapped(['10.190.5.0/29'], `10.1.2.${last}`)).to.match(/^10\.190\.5\.[1-6]$/);
  });

  it('take() gives the first copy the client’s own port, and each other one of its own', () => {
    const mapping = new ClientMapping([]);
    const taken = new Set<string>();
    for (let client = 0; client < 40; client += 1)
      for (let copy = 0; copy < 20; copy += 1) {
        const port = 65_000 + client;
        const end = mapping.take(ip('10.1.2.3'), port, copy, (one) =>
          taken.has(endKey(one.address, one.port)),
        );
        expect(end?.port).to.be.within(1024, 65_535);
        if (copy === 0) expect(end?.port).to.equal(port);
        if (end) taken.add(endKey(end.address, end.port));
      }
    expect(taken.size).to.equal(800);
  });

  it('take() gives up where it finds none', () => {
    expect(new ClientMapping([]).take(ip('10.1.2.3'), 5000, 0, () => true)).to.equal(null);
  });
});
