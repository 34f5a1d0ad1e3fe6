import { expect } from 'chai';
import { chmodSync } from 'node:fs';
import { readFileSync } from 'node:fs';
import { Fault } from '../../../src/base/fault.ts';
import { destroyLab } from '../../../src/lab/destroy.ts';
import { listLiveLabs } from '../../../src/lab/list.ts';
import {
  networkNamespaces,
  newId,
  processesOf,
  recordOf,
  runIn,
  startRunner,
  startTestLab,
  waitFor,
} from './labs.ts';
import { starPlan, withFolder } from './plans.ts';

const USERS = [
  { user: 'as the user of the tests', options: {} },
  // Only root can become another user; an ordinary user's own run is the first.
  ...(process.getuid?.() === 0 ? [{ user: 'as an ordinary user', options: { uid: 65534 } }] : []),
];

describe('the end of a lab', function () {
  this.timeout(60_000);

  for (const { user, options } of USERS) {
    for (const victim of ['runner', 'holder', 'agent'] as const)
      it(`leaves nothing behind after kill -9 of the ${victim}, ${user}`, () =>
        withFolder(async (folder) => {
          chmodSync(folder, 0o777);
          const id = newId();
          const runner = await startRunner(id, folder, options);
          const record = recordOf(id);
          const own = networkNamespaces([process.pid]);
          const all = [...networkNamespaces([record.agentPid])];
          // It also has a descriptor of the machine's own.
          const held = new Set<string>(all.filter((namespace) => !own.has(namespace)));
          expect(held.size).to.equal(4);
          const pid = { runner: runner.pid, holder: record.holderPid, agent: record.agentPid }[
            victim
          ];
          process.kill(pid, 'SIGKILL');
          await waitFor('no process of the lab', () => processesOf(id).length === 0);
          await waitFor('no namespace of the lab', () => isDisjoint(held, networkNamespaces()));
          if (victim !== 'runner')
            await waitFor('the runner to end', () => runner.child.exitCode !== null);
        }));

    it(`takes programs in its nodes with it, ${user}`, () =>
      withFolder(async (folder) => {
        chmodSync(folder, 0o777);
        const id = newId();
        const runner = await startRunner(id, folder, options);
        const record = recordOf(id);
        const started = runIn(
          record,
          'h1',
          'sh',
          '-c',
          'setsid sleep 1000 >/dev/null 2>&1 & echo $!',
        );
        expect(started.status, started.stderr).to.equal(0);
        const sleeper = await waitFor('the program in the lab', () =>
          findInNamespaceOf(record.agentPid, Number(started.stdout)),
        );
        process.kill(runner.pid, 'SIGKILL');
        await waitFor('the program to be gone', () => !exists(sleeper));
      }));

    it(`does not come while the lab is kept; destroyLab() brings it, ${user}`, () =>
      withFolder(async (folder) => {
        chmodSync(folder, 0o777);
        const id = newId();
        const runner = await startRunner(id, folder, { ...options, kept: true });
        await waitFor('the runner to end by itself', () => runner.child.exitCode !== null);
        const record = recordOf(id);
        expect(record).to.include({
          state: 'kept',
          directory: folder,
          scenario: 'star',
        });
        expect(
          runIn(record, 'h0', 'ping', '-n', '-c', '1', '-W', '2', '10.77.0.3').status,
        ).to.equal(0);
        expect(runIn(record, 'h0', 'sh', '-c', 'exit 7').status).to.equal(7);
        await destroyLab(record);
        expect(processesOf(id)).to.deep.equal([]);
        expect(listLiveLabs().map((lab) => lab.id)).to.not.include(id);
        await destroyLab(record);
      }));
  }

  it('fails the calls under way with what the agent said last', () =>
    withFolder(async (directory) => {
      const lab = await startTestLab();
      const build = lab
        .call('build', { plan: starPlan(300), directory }, 20_000)
        .catch((error: unknown) => error);
      process.kill(recordOf(lab.id).agentPid, 'SIGKILL');
      const fault = await build;
      expect(fault).to.be.instanceOf(Fault).and.have.property('kind', 'run');
      expect(String(fault)).to.contain('The lab ended unasked');
      expect((await lab.ended).reason).to.match(/exit code|killed/);
      await lab.close();
    }));

  it('bounds every call', async () => {
    const lab = await startTestLab();
    process.kill(recordOf(lab.id).agentPid, 'SIGSTOP');
    const fault = await lab.call('measure', {}, 50).catch((error: unknown) => error);
    expect(String(fault)).to.contain('did not answer "measure" within 50 ms');
    await lab.close();
    expect(processesOf(lab.id)).to.deep.equal([]);
  });

  it('is what destroyLab() brings to an agent that hangs', async () => {
    const lab = await startTestLab();
    const record = recordOf(lab.id);
    process.kill(record.agentPid, 'SIGSTOP');
    await destroyLab(record);
    expect(processesOf(lab.id)).to.deep.equal([]);
  });

  it("spares a process that has got the number of a lab's holder", async () => {
    const lab = await startTestLab();
    const record = recordOf(lab.id);
    await destroyLab({ ...record, holderStart: record.holderStart - 1 });
    expect(processesOf(lab.id)).to.not.deep.equal([]);
    await lab.close();
  });

  it('takes orphans out of the process table of the lab', () =>
    withFolder(async (directory) => {
      const lab = await startTestLab();
      await lab.call('build', { plan: starPlan(1), directory }, 20_000);
      const record = recordOf(lab.id);
      runIn(record, 'h0', 'sh', '-c', '(sleep 0.1 &) ; exit 0');
      await waitFor('no child of the agent', () => childrenOf(record.agentPid).length === 0);
      await lab.close();
    }));
});

const isDisjoint = (left: ReadonlySet<string>, right: ReadonlySet<string>): boolean =>
  [...left].every((item) => !right.has(item));

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const childrenOf = (pid: number): string[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);

/** The pid, as this machine numbers it, of a process that a lab numbers `inner`. */
const findInNamespaceOf = (agent: number, inner: number): number | undefined =>
  childrenOf(agent)
    .map(Number)
    .find((pid) => {
      const numbers = /^NSpid:\s*(.*)$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
      return Number(numbers?.split('\t').at(-1)) === inner;
    });
