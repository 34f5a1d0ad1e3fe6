import { expect } from 'chai';
import type { ScriptTransport } from '../../src/model/script.ts';
import { isDatagram, isRaw } from '../../src/model/script-transport.ts';

const ALL: readonly ScriptTransport[] = [
  'tcp',
  'udp',
  'tls',
  'unix',
  'raw-tcp',
  'raw-udp',
  'raw-ip',
];

describe('isRaw()', () => {
  it('holds where packets are our own', () => {
    expect(ALL.filter(isRaw)).to.deep.equal(['raw-tcp', 'raw-udp', 'raw-ip']);
  });
});

describe('isDatagram()', () => {
  it('holds where each send is a message of its own', () => {
    expect(ALL.filter(isDatagram)).to.deep.equal(['udp', 'raw-udp', 'raw-ip']);
  });
});
