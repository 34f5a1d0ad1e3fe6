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

  it('refuses a name that could end its quotation', () =>
    expect(() => masqueradeScript([{ interface: 'a" drop', masquerade: true }])).to.throw(
      'names interfaces plainly',
    ));
});
