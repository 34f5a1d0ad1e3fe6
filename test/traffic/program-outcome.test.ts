import { expect } from 'chai';
import { programOutcome } from '../../src/traffic/program-outcome.ts';
import type { ProgramEnd, StopReason } from '../../src/traffic/program-outcome.ts';

describe('traffic/program-outcome programOutcome()', () => {
  const cases: readonly [ProgramEnd, StopReason | null, string | null][] = [
    [{ kind: 'exited', code: 0 }, null, null],
    [{ kind: 'exited', code: 3 }, null, 'unknown_failure: exit code 3'],
    [{ kind: 'exited', code: 127 }, null, 'unknown_failure: program not found'],
    [{ kind: 'signalled', signal: 'SIGSEGV', code: 139 }, null, 'unknown_failure: signal SIGSEGV'],
    [{ kind: 'signalled', signal: 'SIGTERM', code: 143 }, 'timeout', 'generic_timeout_error'],
    [{ kind: 'exited', code: 0 }, 'timeout', 'generic_timeout_error'],
    [{ kind: 'signalled', signal: 'SIGTERM', code: 143 }, 'stopped', 'interrupted'],
    [{ kind: 'not-started', reason: 'why' }, null, 'unknown_failure: program not started'],
  ];
  for (const [end, stopped, wished] of cases)
    it(`takes ${JSON.stringify(end)}${stopped === null ? '' : ` after ${stopped}`} for ${wished ?? 'success'}`, () => {
      const found = programOutcome(end, stopped, 'last words');
      expect(found.failure).to.equal(wished);
      expect(found.operation).to.equal(wished === null ? null : 'run');
      expect(found.exitCode).to.equal(end.kind === 'not-started' ? undefined : end.code);
    });

  it('gives the last line that the program wrote as detail of a failure', () => {
    expect(programOutcome({ kind: 'exited', code: 1 }, null, 'last words').detail).to.equal(
      'last words',
    );
    expect(programOutcome({ kind: 'exited', code: 1 }, null, '')).to.not.have.property('detail');
  });
});
