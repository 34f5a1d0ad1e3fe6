import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { guardMachineNetwork } from '../../src/cli/machine-network-guard.ts';
import { makeInput } from '../../src/cli/input.ts';
import { VERBS } from '../../src/cli/verbs.ts';
import type { Plan } from '../../src/model/plan.ts';
import { REPORT } from '../report/fixture.ts';
import { runRunner } from './spawn-runner.ts';

const SCENARIO =
  'version: 1\nname: real\nhosts: { gateway: { network: machine }, client: {} }\nnetworks: { lan: { members: [gateway, client] } }\n';

describe('guardMachineNetwork()', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'guard-'));
    writeFileSync(join(folder, 'real.yaml'), SCENARIO);
  });
  after(() => rmSync(folder, { recursive: true }));

  for (const verb of ['apply', 'up'])
    it(`keeps ${verb} from touching a machine's own network unasked`, () => {
      const { status, stdout, stderr } = runRunner([verb, 'real.yaml', '--json'], { cwd: folder });
      expect(status).to.equal(2);
      expect(stderr).to.match(/ADDS THE INTERFACE .* THE STACK OF THE MACHINE local/);
      expect(stderr).to.include('Run it with --yes');
      expect(JSON.parse(stdout)).to.include({ status: 'invalid' });
      expect(existsSync(join(folder, 'results'))).to.equal(false);
    });

  it('agrees with --yes and with allowMachineNetwork, and has nothing against other plans', () => {
    const apply = VERBS.find(({ name }) => name === 'apply')!;
    const input = (yes: boolean): Parameters<typeof guardMachineNetwork>[1] =>
      makeInput(apply, [], [], new Map(yes ? [['yes', true]] : []), {});
    const [first, ...others] = REPORT.plan.nodes;
    const plan: Plan = {
      ...REPORT.plan,
      nodes: [
        { ...first!, name: 'gateway', machine: 'local', interfaces: [], stack: 'machine' },
        ...others,
      ],
    };
    expect(() => guardMachineNetwork(plan, input(false))).to.throw('nobody has agreed to it');
    guardMachineNetwork(plan, input(true));
    guardMachineNetwork({ ...plan, allowMachineNetwork: true }, input(false));
    guardMachineNetwork(REPORT.plan, input(false));
  });
});
