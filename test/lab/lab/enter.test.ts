import { expect } from 'chai';
import { Fault } from '../../../src/base/fault.ts';
import { enterArgv } from '../../../src/lab/enter.ts';
import type { LiveLab } from '../../../src/lab/list.ts';
import { recordOf, startTestLab } from './labs.ts';
import { starPlan, withFolder } from './plans.ts';

describe('enterArgv()', function () {
  this.timeout(30_000);
  const record: LiveLab = {
    id: 'lab-1',
    scenario: 'test',
    agentPid: process.pid,
    holderPid: process.ppid,
    holderStart: 0,
    started: '',
    directory: '/results/x',
    state: 'kept',
    containers: {},
    engine: '',
    machines: [],
    nodes: ['client', 'server'],
    descriptors: { client: 20, server: 21 },
  };

  it("passes the program as positions, behind the lab's names", () => {
    const argv = enterArgv(record, 'server', ['echo', '$(id)']);
    expect(argv).to.include(`--net=/proc/${process.pid}/fd/21`);
    expect(argv.slice(-4)).to.deep.equal([
      '/results/x/lab/server.hosts',
      '/results/x/lab/server.resolv.conf',
      'echo',
      '$(id)',
    ]);
  });

  for (const node of ['toString', 'clients'])
    it(`refuses the unknown host "${node}"`, () =>
      expect(() => enterArgv(record, node, ['true'])).to.throw(
        Fault,
        `Lab "lab-1" has no network stack of "${node}": it has "client", "server"`,
      ));

  it('refuses a lab that is gone', async () => {
    const lab = await startTestLab();
    const gone = await withFolder(async (directory) => {
      await lab.call('build', { plan: starPlan(1), directory }, 20_000);
      return recordOf(lab.id);
    });
    await lab.close();
    expect(() => enterArgv(gone, 'h0', ['true'])).to.throw(Fault, 'cannot be entered');
  });
});
