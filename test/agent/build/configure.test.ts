import { expect } from 'chai';
import { sysctlFile } from '../../../src/agent/build/configure.ts';

describe('sysctlFile()', () => {
  for (const [key, file] of [
    ['net.ipv4.ip_forward', '/proc/sys/net/ipv4/ip_forward'],
    ['net/ipv4/conf/a.b/rp_filter', '/proc/sys/net/ipv4/conf/a.b/rp_filter'],
    ['net.ipv6.conf.client-inside.accept_dad', '/proc/sys/net/ipv6/conf/client-inside/accept_dad'],
  ] as const)
    it(`finds ${key}`, () => expect(sysctlFile(key)).to.equal(file));

  for (const key of ['kernel.panic', 'net', 'net/../kernel/panic', 'net..ipv4', 'net/ipv4/ x'])
    it(`refuses ${key}`, () =>
      expect(() => sysctlFile(key)).to.throw('A plan sets network settings alone'));
});
