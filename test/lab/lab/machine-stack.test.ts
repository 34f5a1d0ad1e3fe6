import { expect } from 'chai';
import { Fault } from '../../../src/base/fault.ts';
import type { Plan, StepAction } from '../../../src/model/plan.ts';
import { recordOf, runIn, waitFor } from './labs.ts';
import { pairPlan, toSteps, withFolder } from './plans.ts';
import { type LabPart, type TestMachines, createMachines, startOn } from './underlays.ts';

/** `left` is a host of its own, `right` the machine itself; they are joined directly. */
function machinePlan(): Plan {
  const plan = pairPlan([
    { kind: 'address', node: 'left', interface: 'left-wire', address: '10.79.0.1/24' },
    { kind: 'address', node: 'right', interface: 'right-wire', address: '10.79.0.2/24' },
  ]);
  const isOther = (action: StepAction): boolean =>
    !(action.kind === 'namespace' && action.node === 'right');
  return {
    ...plan,
    nodes: plan.nodes.map((node) => (node.name === 'right' ? { ...node, stack: 'machine' } : node)),
    steps: toSteps(plan.steps.map((step) => step.do).filter(isOther)),
    captures: [
      {
        ...{ node: 'right', network: 'wire', interface: 'wire', file: 'captures/right.wire.pcap' },
        ...{ filter: '', snaplen: 65_535 },
      },
    ],
  };
}

describe('a host that is the machine itself', function () {
  this.timeout(30_000);
  before(function () {
    if (process.getuid?.() !== 0) this.skip();
  });

  const withMachine = (
    action: (lab: LabPart, machines: TestMachines, directory: string) => Promise<void>,
  ): Promise<void> =>
    withFolder(async (directory) => {
      const machines = createMachines(1);
      const lab = await startOn(machines, 0);
      try {
        await action(lab, machines, directory);
      } finally {
        await lab.close();
        machines.close();
      }
    });

  it('has an interface that says whose it is, real ones to capture on, and nothing when its lab was killed', () =>
    withMachine(async (lab, machines, directory) => {
      const before = machines.run(0, 'ip', '-o', 'link');
      await lab.call('build', { plan: machinePlan(), directory }, 20_000);
      await lab.call('startCaptures', {}, 20_000);
      const record = recordOf(lab.id);
      const ping = runIn(record, 'left', 'ping', '-n', '-c', '1', '-W', '2', '10.79.0.2');
      expect(ping.status, ping.stdout + ping.stderr).to.equal(0);
      expect(machines.run(0, 'ip', 'link', 'show', 'right-wire')).to.contain(
        `alias runner.lab=${lab.id}`,
      );
      // A program of the host is in the machine's stack.
      expect(runIn(record, 'right', 'ip', '-o', 'link').stdout).to.match(/: wire@.*: right-wire@/s);
      const { captures } = await lab.call('stopCaptures', {}, 20_000);
      expect(captures.map(({ network }) => network)).to.deep.equal(['wire']);
      process.kill(record.agentPid, 'SIGKILL');
      await lab.ended;
      await waitFor('the interface is gone', () => machines.run(0, 'ip', '-o', 'link') === before);
    }));

  it('says when the machine has an interface of the name, and when it has none to capture on', () =>
    withMachine(async (lab, machines, directory) => {
      machines.run(0, 'ip', 'link', 'add', 'right-wire', 'type', 'bridge');
      const fault = await lab
        .call('build', { plan: machinePlan(), directory }, 20_000)
        .catch((error: unknown) => error);
      expect(fault).to.be.instanceOf(Fault).and.have.property('kind', 'machine');
      expect((fault as Fault).message).to.match(
        /^Host "right" needs an interface "right-wire", and the machine has one of that name/,
      );
    }));

  it('says when an interface to capture on is not there', () =>
    withMachine(async (lab, _machines, directory) => {
      const plan = machinePlan();
      const captures = plan.captures.map((capture) => ({ ...capture, interface: 'eth9' }));
      await lab.call('build', { plan: { ...plan, captures }, directory }, 20_000);
      const fault = await lab.call('startCaptures', {}, 20_000).catch((error: unknown) => error);
      expect(fault).to.be.instanceOf(Fault);
      expect((fault as Fault).help).to.contain('an interface that is there');
    }));
});
