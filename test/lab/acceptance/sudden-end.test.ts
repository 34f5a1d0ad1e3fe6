// Whatever ends a run, and whenever, the machine is as it was: killed outright, or asked to stop.
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import { type Random, seededRandom } from '../../../src/base/random.ts';
import { awaitNothingLeft, family, readMachine } from './support/leftovers.ts';
import {
  CHECKOUT,
  type RunResult,
  runRunner,
  said,
  scratch,
  startRunner,
} from './support/runner.ts';

const SCENARIO = join(CHECKOUT, 'scenarios/censor.yaml');
const KILLS = 20;
const INTERRUPTS = 10;

describe('a sudden end of apply', function () {
  this.timeout(120_000);
  const folder = scratch('sudden-end');
  const machine = readMachine();
  const mark = `RUNNER_TEST_MARK=${randomUUID()}`;
  const environment = { RUNNER_TEST_MARK: mark.split('=')[1] };
  const args = ['apply', SCENARIO, '--json', '--out', folder.path];
  /** How long an undisturbed run takes, in milliseconds. */
  let whole = 0;

  before(async () => {
    const result = await runRunner(args, { environment });
    expect(result.code, said(result)).to.equal(0);
    whole = result.took;
  });
  after(() => folder.remove());

  for (let round = 0; round < KILLS; round += 1)
    it(`leaves nothing after kill -9, seed ${round}`, async () => {
      const random = seededRandom(round, 'kill');
      const run = startRunner(args, { environment });
      await wait(random.next() * whole);
      const victim = killOne(run.process.pid ?? 0, random, round);
      const result = await run.ended;
      expect(await awaitNothingLeft(machine, mark), `killed ${victim}`).to.deep.equal([]);
      if (!victim.startsWith('runner')) expectReasonedEnd(result, victim);
    });

  for (let round = 0; round < INTERRUPTS; round += 1)
    it(`leaves nothing after Ctrl-C and exits 130, seed ${round}`, async () => {
      const random = seededRandom(round, 'interrupt');
      const run = startRunner(args, { environment });
      await wait(random.next() * whole);
      // A terminal sends the signal to the whole foreground process group.
      signalGroup(run.process.pid, 'SIGINT');
      if (round % 2 === 1) {
        await wait(random.next() * 100);
        signalGroup(run.process.pid, 'SIGINT');
      }
      const result = await run.ended;
      expect(await awaitNothingLeft(machine, mark), said(result)).to.deep.equal([]);
      // Before Node listens, and after the run has ended, the signal has its default meaning, or none.
      const outcome = result.signal ?? result.code;
      expect(outcome, said(result)).to.be.oneOf([130, 'SIGINT', 0]);
    });

  it('leaves the evidence of an interrupted run in a folder marked so', async () => {
    const out = join(folder.path, 'interrupted');
    const run = startRunner(['apply', SCENARIO, '--json', '--out', out], { environment });
    await waitFor(() => existsSync(out) && run.process.exitCode === null && hasCapture(out));
    signalGroup(run.process.pid, 'SIGINT');
    const result = await run.ended;
    expect(result.code, said(result)).to.equal(130);
    const manifests = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('run.json') && !file.includes('latest'),
    );
    expect(manifests).to.have.lengthOf(1);
    expect(result.stdout).to.include('"interrupted"');
  });
});

/** Kills the runner itself, or one of the processes under it, and says which. */
function killOne(pid: number, random: Random, round: number): string {
  const [runner, ...children] = family(pid);
  if (!runner) return 'runner, which had ended';
  const chosen = children[random.below(children.length)];
  const victim = round % 3 === 0 || !chosen ? runner : chosen;
  try {
    process.kill(victim.pid, 'SIGKILL');
  } catch {
    return 'runner or a child, which had ended';
  }
  return victim === runner ? 'runner' : `child ${victim.command}`;
}

/** A run that loses a part says that it broke (4), unless it was over by then (0). */
function expectReasonedEnd(result: RunResult, victim: string): void {
  expect(result.code, `killed ${victim}: ${said(result)}`).to.be.oneOf([0, 4]);
  if (result.code === 4) expect(result.stderr).to.match(/\S/);
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // The group has ended: the caller sees how.
  }
}

function hasCapture(out: string): boolean {
  return readdirSync(out, { recursive: true, encoding: 'utf8' }).some((file) =>
    file.endsWith('.pcap'),
  );
}

async function waitFor(condition: () => boolean): Promise<void> {
  const end = performance.now() + 10_000;
  while (!condition()) {
    if (performance.now() > end) throw new Error('The awaited state did not come within 10 s');
    await wait(5);
  }
}
