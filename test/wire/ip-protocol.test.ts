import { expect } from 'chai';
import { formatProtocol } from '../../src/wire/ip-protocol.ts';

describe('wire/ip-protocol', () => {
  it('formatProtocol() names what it knows and numbers the rest', () => {
    expect([6, 17, 1, 58, 47].map(formatProtocol)).to.deep.equal([
      'TCP',
      'UDP',
      'ICMP',
      'ICMP6',
      'proto 47',
    ]);
  });
});
