import { expect } from 'chai';
import type { Result } from '../../src/base/result.ts';
import { runInventory } from '../../src/cli/run-inventory.ts';

const errorOf = (result: Result<string, string>): string => (result.ok ? '' : result.error);

describe('runInventory()', () => {
  it('gives what a program prints, run in the folder and without a shell', () => {
    expect(runInventory(['pwd'], '/')).to.deep.equal({ ok: true, value: '/\n' });
    expect(runInventory(['echo', '$HOME;'], '/')).to.deep.equal({ ok: true, value: '$HOME;\n' });
  });

  it('says how a program failed, and what it said', () => {
    const failed = runInventory(['sh', '-c', 'echo no state >&2; exit 3'], '/');
    expect(errorOf(failed)).to.equal('it ended with 3, and said: no state');
    expect(errorOf(runInventory(['no-such-program'], '/'))).to.equal(
      'there is no program "no-such-program"',
    );
    expect(errorOf(runInventory(['/etc'], '/'))).to.contain('may not be run');
    expect(errorOf(runInventory(['sh', '-c', 'kill -9 $$'], '/'))).to.equal(
      'it was ended by SIGKILL',
    );
  });

  it('bounds its time and what it prints', () => {
    expect(errorOf(runInventory(['sleep', '60'], '/', { timeoutMs: 100 }))).to.equal(
      'it did not end within 0.1 s',
    );
    expect(errorOf(runInventory(['sh', '-c', 'head -c 17000000 /dev/zero'], '/'))).to.equal(
      'it printed more than 16 MiB',
    );
  });
});
