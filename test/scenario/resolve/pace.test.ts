import { expect } from 'chai';
import type { Schedule } from '../../../src/model/traffic.ts';
import type { Compilation } from '../../../src/scenario/compile.ts';
import { compileText, mustPlan } from '../compile-text.ts';

const compiled = (keys: string, gaps = ''): Compilation =>
  compileText(
    `version: 1
name: lab
hosts: { client: {} }
traffic: [{ name: flow, from: client, run: [date], ${keys} }]
`,
    { 'gaps.txt': gaps },
  );
const scheduleOf = (keys: string, gaps = ''): Schedule | undefined =>
  mustPlan(compiled(keys, gaps)).flows[0]?.schedule;

describe('resolvePace()', () => {
  it('reads times between starts of every kind', () => {
    expect(scheduleOf('every: 20ms, repeat: 2')?.pace).to.deep.equal({ kind: 'even', every: 20 });
    expect(scheduleOf('every: { poisson: 20ms }, repeat: 2')?.pace).to.deep.equal({
      ...{ kind: 'poisson', mean: 20 },
    });
    expect(scheduleOf('repeat: 2')?.pace).to.equal(null);
  });

  it('reads a file of times, and uses each once where nothing else is said', () => {
    const gaps = '# seconds\n0.02\n\n1.5e-3  # short\r\n20ms\n0\n';
    expect(scheduleOf('every: { gaps: gaps.txt }', gaps)).to.deep.include({
      repeat: 5,
      pace: { kind: 'gaps', gaps: [20, 1.5, 20, 0] },
    });
    expect(scheduleOf('every: { gaps: gaps.txt }, for: 3s', gaps)?.repeat).to.equal(0);
  });

  it('takes no time at all for one start', () => {
    expect(scheduleOf('for: 0s')).to.deep.include({ repeat: 0, for: 0 });
  });

  for (const [gaps, message] of [
    ['1\nsoon\n', 'Expected a time in line 2 of "gaps.txt", found "soon"'],
    ['-1\n', 'Expected a time in line 1 of "gaps.txt", found "-1"'],
    ['', 'Expected 1 to 1000000 times in "gaps.txt", found 0'],
  ] as const)
    it(`says "${message}"`, () => {
      const { diagnostics } = compiled('every: { gaps: gaps.txt }', gaps);
      expect(diagnostics.map((item) => item.message)).to.deep.equal([message]);
    });
});
