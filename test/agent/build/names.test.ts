import { expect } from 'chai';
import { hostsText, resolvText } from '../../../src/agent/build/names.ts';

describe('hostsText()', () => {
  it('begins with the node itself and keeps the order given', () => {
    const text = hostsText([
      { address: '10.0.0.2', names: ['server', 'fine.example'] },
      { address: 'fd00::2', names: ['server'] },
    ]);
    expect(text).to.equal(
      '127.0.0.1 localhost\n::1 localhost ip6-localhost\n10.0.0.2 server fine.example\nfd00::2 server\n',
    );
  });
});

describe('resolvText()', () => {
  it('names each server', () =>
    expect(resolvText(['10.0.0.53', 'fd00::53'])).to.equal(
      'nameserver 10.0.0.53\nnameserver fd00::53\n',
    ));
  it('is empty without one', () => expect(resolvText([])).to.equal(''));
});
