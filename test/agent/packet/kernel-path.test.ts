import { expect } from 'chai';
import { queueRules } from '../../../src/agent/packet/kernel-path.ts';

describe('agent/packet/kernel-path', () => {
  it('queueRules() refuses names that could end a quotation', () => {
    const nat = [{ interface: 'a" -j ACCEPT', masquerade: true }] as const;
    expect(() => queueRules(nat)).to.throw('names interfaces plainly');
  });

  it('queueRules() queue what is forwarded and leave injected packets untracked, but where NAT rewrites them', () => {
    const masquerades = [
      { interface: 'r-right', masquerade: true },
      { interface: 'r-right', from: '10.45.0.1/32', masquerade: true },
    ] as const;
    expect(queueRules(masquerades).split('\n')).to.deep.equal([
      '*raw',
      '-A OUTPUT -o "r-right" -m mark --mark 1853030401 -j ACCEPT',
      '-A OUTPUT -m mark --mark 1853030401 -j CT --notrack',
      'COMMIT',
      '*mangle',
      '-A FORWARD -j NFQUEUE --queue-num 0',
      'COMMIT',
      '',
    ]);
  });
});
