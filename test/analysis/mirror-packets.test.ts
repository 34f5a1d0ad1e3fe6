import { expect } from 'chai';
import { endpointOf } from '../../src/analysis/capture-index.ts';
import { isOfMirror } from '../../src/analysis/mirror-packets.ts';
import { DEFAULT_MIRROR } from '../../src/model/mirror-defaults.ts';
import type { PlanMirror } from '../../src/model/mirror.ts';
import { IP_PROTOCOL } from '../../src/wire/ip-protocol.ts';

const SHADOW: PlanMirror = {
  ...DEFAULT_MIRROR,
  name: 'shadow',
  online: { node: 'online', addresses: ['10.191.7.17'], port: 9999 },
  target: { node: 'target', addresses: ['10.191.7.11', 'fd00::11'], port: 10_231 },
  assistant: 'assistant',
  clients: ['10.190.0.0/16', 'fd00:1::/64'],
};

describe('isOfMirror()', () => {
  const isOne = (
    near: string,
    far: readonly [address: string, port: number],
    mirror: PlanMirror = SHADOW,
    protocol: number = IP_PROTOCOL.tcp,
  ): boolean =>
    isOfMirror(
      { mirrors: [mirror] },
      { protocol, near: endpointOf(near, 40_000)!, far: endpointOf(...far)! },
    );

  it('tells what is said to the target for a client', () => {
    expect(isOne('10.190.4.137', ['10.191.7.11', 10_231])).to.equal(true);
    expect(isOne('fd00:1::7', ['fd00::11', 10_231])).to.equal(true);
    expect(isOne('10.1.1.1', ['10.191.7.11', 10_231], { ...SHADOW, clients: [] })).to.equal(true);
  });

  it('leaves the rest alone', () => {
    expect(isOne('10.190.4.137', ['10.191.7.17', 9999])).to.equal(false);
    expect(isOne('10.190.4.137', ['10.191.7.11', 22])).to.equal(false);
    expect(isOne('10.191.7.12', ['10.191.7.11', 10_231])).to.equal(false);
    const stream: PlanMirror = { ...SHADOW, mode: 'stream' };
    expect(isOne('10.190.4.137', ['10.191.7.11', 10_231], stream)).to.equal(false);
    const datagrams = IP_PROTOCOL.udp;
    expect(isOne('10.190.4.137', ['10.191.7.11', 10_231], SHADOW, datagrams)).to.equal(false);
    const own = { near: endpointOf('10.190.4.137', 1)!, far: endpointOf('10.191.7.11', 10_231)! };
    expect(isOfMirror({}, { protocol: IP_PROTOCOL.tcp, ...own })).to.equal(false);
  });
});
