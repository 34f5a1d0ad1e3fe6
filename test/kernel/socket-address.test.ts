import { expect } from 'chai';
import { decodeSocketAddress, encodeSocketAddress } from '../../src/kernel/socket-address.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('kernel/socket-address', () => {
  for (const [title, address, bytes] of [
    ['IPv4', { kind: 'ip', address: '192.0.2.1', port: 6633 }, `020019e9c0000201${'00'.repeat(8)}`],
    [
      'IPv6',
      { kind: 'ip', address: '2001:db8::1', port: 6635 },
      '0a0019eb0000000020010db800000000000000000000000100000000',
    ],
    ['a path', { kind: 'unix', path: '/a' }, '01002f6100'],
    ['an abstract name', { kind: 'unix', path: '@a' }, '01000061'],
  ] as const) {
    it(`writes ${title} as the kernel has it`, () =>
      expect(hex(encodeSocketAddress(address))).to.equal(bytes));
    it(`reads ${title} back`, () =>
      expect(decodeSocketAddress(encodeSocketAddress(address))).to.deep.equal(address));
  }

  it('reads a Unix socket without a name', () =>
    expect(decodeSocketAddress(new Uint8Array([1, 0]))).to.deep.equal({ kind: 'unix', path: '' }));
  it('gives null for another family, and for nothing', () => {
    expect(decodeSocketAddress(new Uint8Array([16, 0, 0, 0]))).to.equal(null);
    expect(decodeSocketAddress(new Uint8Array())).to.equal(null);
  });
  it('refuses a path that sockaddr_un has no room for', () => {
    expect(() => encodeSocketAddress({ kind: 'unix', path: `/${'a'.repeat(107)}` })).to.throw(
      'at most 107 bytes',
    );
    expect(encodeSocketAddress({ kind: 'unix', path: `/${'a'.repeat(106)}` })).to.have.length(110);
  });
});
