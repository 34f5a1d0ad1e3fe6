import { cannotRun, renderChecks } from '../../src/cli/render-checks.ts';
import type { Check } from '../../src/lab/doctor.ts';
import { PLAIN } from '../../src/report/text.ts';
import { expect } from 'chai';

const fine: Check = { name: 'user namespaces', ok: true, needed: 'always', found: 'allowed' };
const docker: Check = {
  name: 'Docker',
  ok: false,
  needed: 'when a scenario has containers',
  found: 'none',
  help: 'Install it',
};
const libpcap: Check = { ...docker, name: 'libpcap', needed: 'always' };

describe('renderChecks()', () => {
  it('shows what was found, what needs it, and what mends it', () => {
    expect(renderChecks([fine, docker, libpcap], PLAIN)).to.equal(
      [
        '✔ user namespaces  allowed',
        '! Docker           none (needed when a scenario has containers)',
        '  = help: Install it',
        '✘ libpcap          none',
        '  = help: Install it',
        '',
      ].join('\n'),
    );
  });
});

describe('cannotRun()', () => {
  it('counts only what is always needed', () => {
    expect(cannotRun([fine, docker])).to.equal(false);
    expect(cannotRun([fine, libpcap])).to.equal(true);
  });
});
