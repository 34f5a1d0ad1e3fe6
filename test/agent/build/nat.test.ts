import { expect } from 'chai';
import { masqueradeScript } from '../../../src/agent/build/nat.ts';

describe('masqueradeScript()', () => {
  it('masquerades what leaves by each interface', () => {
    const script = masqueradeScript([
      { interface: 'gw-outside', masquerade: true },
      { interface: 'gw.2', masquerade: true },
    ]);
    expect(script).to.equal(
      [
        'add table inet runner',
        'add chain inet runner postrouting { type nat hook postrouting priority srcnat; }',
        'add rule inet runner postrouting oifname "gw-outside" masquerade',
        'add rule inet runner postrouting oifname "gw.2" masquerade',
        '',
      ].join('\n'),
    );
  });

  it('masquerades what comes from one prefix alone', () => {
    const script = masqueradeScript([
      { interface: 'eth0', from: '10.45.0.1/32', masquerade: true },
      { interface: 'eth0', from: 'fd45::1/128', masquerade: true },
    ]);
    expect(script.split('\n').slice(2, 4)).to.deep.equal([
      'add rule inet runner postrouting ip saddr 10.45.0.1/32 oifname "eth0" masquerade',
      'add rule inet runner postrouting ip6 saddr fd45::1/128 oifname "eth0" masquerade',
    ]);
  });

  it('refuses a name that could end its quotation', () =>
    expect(() => masqueradeScript([{ interface: 'a" drop', masquerade: true }])).to.throw(
      'names interfaces plainly',
    ));
});
