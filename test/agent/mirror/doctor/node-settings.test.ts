import { expect } from 'chai';
import { saysInvalidDrop } from '../../../../src/agent/mirror/doctor/node-settings.ts';

describe('agent/mirror/doctor/node-settings', () => {
  it('saysInvalidDrop() knows a rule that drops or rejects what is invalid', () => {
    for (const rule of ['ct state invalid drop', 'ct state invalid,untracked counter reject'])
      expect(saysInvalidDrop(`chain c {\n\t\t${rule}\n}`), rule).to.equal(true);
  });

  it('saysInvalidDrop() passes over rules of other states and other verdicts', () => {
    for (const rule of ['ct state new drop', 'ct state invalid accept\n tcp dport 1 drop', ''])
      expect(saysInvalidDrop(rule), rule).to.equal(false);
  });
});
