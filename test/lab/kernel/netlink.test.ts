import { expect } from 'chai';
import { runExperiment } from './unshared.ts';

describe('kernel/netlink and kernel/device', function () {
  this.timeout(30_000);
  let found: Record<string, unknown>;
  before(async () => {
    found = await runExperiment('./netlink.experiment.ts');
  });

  for (const [title, key, text] of [
    [
      'createVeth() names the far end and gives it MTU and index',
      'link',
      /^100: eth@if101: .*UP.* mtu 1400 /,
    ],
    ['createVeth() gives the far end its MAC', 'link', /link\/ether 02:00:00:00:00:01/],
    ['createVeth() has the near end up', 'port', /^101: port@if100: <[^>]*\bUP\b/],
    ['setMaster() makes a port of a bridge', 'port', / master bridge /],
    ['createBridge() has it up, without snooping', 'bridge', /<[^>]*\bUP\b.* mcast_snooping 0 /],
    [
      'addAddress() sets a broadcast address',
      'addresses',
      /inet 10\.0\.0\.1\/24 brd 10\.0\.0\.255 /,
    ],
    [
      'addAddress() sets none in a /31 (RFC 3021)',
      'addresses',
      /inet 10\.0\.1\.1\/31 scope global/,
    ],
    [
      'addAddress() skips duplicate address detection',
      'addresses',
      /fd00::1\/64 scope global nodad/,
    ],
    ['addRoute() sets a default route', 'routes', /^default via 10\.0\.0\.2 dev eth proto static/m],
    [
      'addRoute() takes tables above 255 and metrics',
      'routes6',
      /^default via fd00::2 dev eth proto static metric 7/m,
    ],
    [
      'addRoute() takes a next hop of the other family',
      'routes',
      /^10\.5\.0\.0\/16 via inet6 fd00::2 dev eth/m,
    ],
    ['addRoute() leads nowhere: blackhole', 'routes', /^blackhole 10\.6\.0\.0\/16/m],
    ['addRoute() leads nowhere: unreachable', 'routes', /^unreachable 10\.7\.0\.0\/16/m],
    [
      'addRoute() leads on-link without a next hop',
      'routes',
      /^10\.8\.0\.0\/16 dev eth proto static scope link/m,
    ],
    [
      'addRule() selects by source and mark',
      'rules',
      /^50:\tfrom 10\.0\.0\.0\/24 fwmark 0x9 lookup 1000/m,
    ],
    [
      'addRule() selects what has not a mark under a mask',
      'rules',
      /^52:\tnot from all fwmark 0xca6c\/0xfffffffc lookup 100/m,
    ],
    ['addRule() selects by destination', 'rules', /^51:\tfrom all to fd01::\/16 lookup 100/m],
    [
      'addNeighbour() is permanent',
      'neighbours',
      /^10\.0\.0\.2 dev eth lladdr 02:00:00:00:00:02 PERMANENT/m,
    ],
    [
      'addNeighbour() knows IPv6',
      'neighbours',
      /^fd00::2 dev eth lladdr 02:00:00:00:00:02 PERMANENT/m,
    ],
  ] as const)
    it(title, () => expect(found[key]).to.match(text));

  it('disableOffloads() leaves none that changes segments or checksums', () => {
    expect(found['offloads']).to.match(/^tx-checksumming: off$/m);
    expect(found['offloads']).to.not.match(
      /^\s*(rx-checksumming|tx-checksum\S*|.*segmentation\S*|.*scatter-gather\S*|.*receive-offload): on/m,
    );
  });

  it('disableOffloads() throws the errno of a missing interface', () =>
    expect(found['noDevice']).to.equal('ENODEV'));

  it('exchange() says which message was refused', () =>
    expect(found['exists']).to.include({ index: 1, code: 'EEXIST' }));

  it("exchange() repeats the kernel's own words", () =>
    expect(found['gateway']).to.deep.equal({
      index: 0,
      code: 'ENETUNREACH',
      message: 'Nexthop has invalid gateway',
    }));

  it('exchange() counts messages across sends', () =>
    expect(found['far']).to.include({ index: 200, code: 'EEXIST' }));

  it('findPath() says by which interface and how wide, in both families, or why not', () =>
    expect(found['paths']).to.deep.equal([
      { interface: 100, mtu: 1400 },
      { interface: 100, mtu: 1400 },
      'EHOSTUNREACH',
    ]));

  it('findPath() heeds the MTU of a route', () =>
    expect(found['narrow']).to.deep.equal({ interface: 100, mtu: 1280 }));

  it('exchange() takes an empty row', () => expect(found).to.not.have.property('nothing'));
});
