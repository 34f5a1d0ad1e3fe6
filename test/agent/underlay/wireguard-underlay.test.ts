import { expect } from 'chai';
import { isPortTaken } from '../../../src/agent/underlay/wireguard-underlay.ts';

const TABLE: string = [
  '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
  '  335: 00000000:CA6C 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 1 2 0 0',
  '  336: 0100007F:0035 00000000:1234 07 00000000:00000000 00:00000000 00000000     0        0 1 2 0 0',
  '',
].join('\n');

describe('agent/underlay/wireguard-underlay', () => {
  for (const [port, isTaken] of [
    [51820, true],
    [53, true],
    [0x1234, false],
    [0, false],
  ] as const)
    it(`isPortTaken() says ${isTaken} of ${port}`, () =>
      expect(isPortTaken(TABLE, port)).to.equal(isTaken));

  it('isPortTaken() takes a kernel without IPv6', () =>
    expect(isPortTaken('', 51820)).to.equal(false));
});
