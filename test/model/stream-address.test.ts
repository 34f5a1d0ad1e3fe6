import { expect } from 'chai';
import { describeAddress, parseStreamAddress } from '../../src/model/stream-address.ts';

describe('model/stream-address', () => {
  for (const [text, address] of [
    ['tcp://127.0.0.1:6633', { kind: 'tcp', host: '127.0.0.1', port: 6633 }],
    ['tcp://[::1]:6633', { kind: 'tcp', host: '::1', port: 6633 }],
    ['udp://[fd00::1]:53', { kind: 'udp', host: 'fd00::1', port: 53 }],
    ['udp://:53', { kind: 'udp', host: '*', port: 53 }],
    ['localhost:6635', { kind: 'tcp', host: 'localhost', port: 6635 }],
    ['[::1]:80', { kind: 'tcp', host: '::1', port: 80 }],
    [':6633', { kind: 'tcp', host: '*', port: 6633 }],
    ['*:0', { kind: 'tcp', host: '*', port: 0 }],
    ['unix:/run/relay', { kind: 'unix', path: '/run/relay' }],
    ['unix:///run/relay', { kind: 'unix', path: '/run/relay' }],
    ['unix:./relay', { kind: 'unix', path: './relay' }],
    ['unix:@relay', { kind: 'unix', path: '@relay' }],
  ] as const)
    it(`reads ${text}`, () =>
      expect(parseStreamAddress(text, '*')).to.deep.equal({ ok: true, value: address }));

  for (const [text, reason] of [
    ['6633', 'found "6633"'],
    ['::1:6633', 'found "::1:6633"'],
    ['http://localhost:80', 'found "http://localhost:80"'],
    ['localhost', 'found "localhost"'],
    [':65536', 'A port is at most 65535'],
    ['unix:relay', 'found "unix:relay"'],
    [`unix:/${'a'.repeat(107)}`, 'at most 107 bytes, found 108'],
  ] as const)
    it(`refuses ${text.slice(0, 30)}`, () =>
      expect(parseStreamAddress(text, '*')).to.have.property('error').that.includes(reason));

  for (const text of ['tcp://127.0.0.1:6633', 'udp://[::1]:53', 'unix:/a', 'unix:@a'])
    it(`writes ${text} as it is read`, () => {
      const read = parseStreamAddress(text, '*');
      expect(read.ok && describeAddress(read.value)).to.equal(text);
    });
});
