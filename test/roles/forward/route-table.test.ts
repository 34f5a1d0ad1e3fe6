import { expect } from 'chai';
import { buildRouteTable, isForwardableSource } from '../../../src/roles/forward/route-table.ts';
import { NETWORKS, NODE, ip } from './router.ts';

describe('roles/forward/route-table', () => {
  const table = buildRouteTable(NODE, NETWORKS);
  const look = (text: string): string => {
    const { family, bytes } = ip(text);
    const found = table.lookup(family, bytes, 0);
    if (found === undefined) return 'none';
    const mac = Buffer.from(found.macs).toString('hex');
    return found.kind === 'hop' ? `hop ${found.port} ${mac} ${found.mtu}` : found.kind;
  };

  for (const [address, meaning] of [
    ['10.1.0.2', 'hop 0 020000000102020000000101 1500'],
    ['fd00:2::2', 'hop 1 020000000202020000000201 1280'],
    ['10.2.0.77', 'link'],
    ['fd00:1::77', 'link'],
    ['10.1.0.1', 'local'],
    ['fd00:2::1', 'local'],
    ['10.50.1.1', 'hop 1 020000000209020000000201 1280'],
    ['10.50.7.1', 'unreachable'],
    ['10.50.8.1', 'blackhole'],
    ['10.60.0.1', 'none'],
    ['2001:db8::1', 'none'],
    ['10.1.0.255', 'ignore'],
    ['10.1.0.0', 'ignore'],
    ['255.255.255.255', 'ignore'],
    ['224.0.0.5', 'ignore'],
    ['127.0.0.1', 'ignore'],
    ['169.254.1.1', 'ignore'],
    ['fe80::1', 'ignore'],
    ['ff02::1', 'ignore'],
    ['::1', 'ignore'],
  ] as const)
    it(`buildRouteTable() knows ${address}: ${meaning}`, () => {
      expect(look(address)).to.equal(meaning);
    });

  it('buildRouteTable() knows neighbours behind a bridge', () => {
    const [left, right] = NETWORKS;
    if (left === undefined || right === undefined) throw new Error('There are two networks');
    const far = {
      ...right,
      name: 'far',
      segment: 'right',
      members: [
        { node: 'f', interface: 'f', mac: '02:00:00:00:03:03', addresses: ['10.2.0.33/24'] },
      ],
    };
    const joined = buildRouteTable(NODE, [left, { ...right, segment: 'right' }, far]);
    const hop = joined.lookup(4, ip('10.2.0.33').bytes, 0);
    expect(hop?.kind).to.equal('hop');
    expect(Buffer.from(hop?.macs ?? []).toString('hex')).to.equal('020000000303020000000201');
  });

  for (const [source, wished] of [
    ['10.1.0.2', true],
    ['fd00::1', true],
    ['0.0.0.0', false],
    ['127.0.0.1', false],
    ['239.1.1.1', false],
    ['::', false],
    ['fe80::1', false],
    ['ff02::1', false],
  ] as const)
    it(`isForwardableSource() says ${wished} of ${source}`, () => {
      const { family, bytes } = ip(source);
      expect(isForwardableSource(family, bytes, 0)).to.equal(wished);
    });
});
