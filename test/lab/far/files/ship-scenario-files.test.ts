import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Fault } from '../../../../src/base/fault.ts';
import { shipScenarioFiles } from '../../../../src/lab/far/files/ship-scenario-files.ts';
import type { Plan } from '../../../../src/model/plan.ts';
import type { SshChannel } from '../../../../src/ssh/ssh.ts';
import { compile } from '../../../../src/scenario/compile.ts';
import { machineHere } from './here.ts';

describe('shipScenarioFiles()', () => {
  let folder: string;
  let scenario: string;
  let root: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ship-'));
    scenario = join(folder, 'lab/scenarios');
    root = join(folder, 'far/scenario');
    for (const path of [
      'lab/scenarios/web/inner',
      'lab/shared',
      'lab/scenarios/tools',
      'lab/scenarios/results',
    ])
      mkdirSync(join(folder, path), { recursive: true });
    writeFileSync(join(scenario, 'web/Dockerfile'), 'FROM scratch\n');
    writeFileSync(join(scenario, 'web/inner/site.conf'), 'conf\n', { mode: 0o640 });
    writeFileSync(join(scenario, 'tools/probe.sh'), '#!/bin/sh\n', { mode: 0o755 });
    writeFileSync(join(scenario, 'results/old'), 'old\n');
    writeFileSync(join(folder, 'lab/shared/list'), 'list\n');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const ship = (text: string, working = scenario): ReturnType<typeof shipScenarioFiles> =>
    shipScenarioFiles(machineHere(), planOf(text), scenario, root, {
      working,
      leaveOut: [join(scenario, 'results')],
    });

  it('puts files where the same relative paths lead to them', async () => {
    const there = await ship(
      containers(
        'build: web, mounts: ["./web/inner:/conf"], copy: { in: [{ from: ../shared/list, to: /list }] }',
      ),
    );
    expect(there.scenario).to.equal(join(root, 'scenarios'));
    expect(readFileSync(`${there.scenario}/web/inner/site.conf`, 'utf8')).to.equal('conf\n');
    expect(statSync(`${there.scenario}/web/inner/site.conf`).mode & 0o777).to.equal(0o640);
    expect(readFileSync(`${there.scenario}/../shared/list`, 'utf8')).to.equal('list\n');
    expect(existsSync(`${there.scenario}/tools`)).to.equal(false);
  });

  it('sends the folders and recordings that a web server has', async () => {
    const files = [{ path: 'index.html', bytes: 0, sha256: '' }];
    const recordings = [{ file: '../shared/list', sha256: '', hosts: [] }];
    const serve = {
      ...{
        kind: 'web' as const,
        port: 80,
        ports: { http: 80, https: null },
        timing: 'none' as const,
      },
      ...{ sites: [{ host: '*', folder: 'web', files }], recordings },
    };
    const services = [{ name: 'web', on: 'server', addresses: [], serve }];
    const share = { nodes: [], flows: [], services };
    const there = await shipScenarioFiles(machineHere(), share, scenario, root);
    expect(existsSync(`${there.scenario}/web/inner/site.conf`)).to.equal(true);
    expect(existsSync(`${there.scenario}/../shared/list`)).to.equal(true);
    expect(existsSync(`${there.scenario}/tools`)).to.equal(false);
  });

  it('sends a whole folder but the results, and follows the link that is named', async () => {
    symlinkSync('scenarios', join(folder, 'lab/link'));
    const there = await ship(containers('image: x, mounts: [".:/all"]'));
    expect(existsSync(`${there.scenario}/tools/probe.sh`)).to.equal(true);
    expect(existsSync(`${there.scenario}/results`)).to.equal(false);
    const linked = await ship(containers('image: x, mounts: ["../link/tools:/all"]'));
    expect(existsSync(`${linked.scenario}/../link/tools/probe.sh`)).to.equal(true);
  });

  it("sends the files that a host's program names, from where runner was called", async () => {
    const there = await ship(
      host('[./scenarios/tools/probe.sh, --list=shared/list, nothing.txt, ., /etc]'),
      join(folder, 'lab'),
    );
    expect(there.working).to.equal(root);
    expect(statSync(`${there.working}/scenarios/tools/probe.sh`).mode & 0o777).to.equal(0o755);
    expect(existsSync(`${there.working}/shared/list`)).to.equal(true);
    expect(existsSync(`${there.working}/scenarios/web`)).to.equal(false);
  });

  it('leaves what is absolute or in a home to the other machine', async () => {
    const far = machineHere();
    const text = containers('image: x, mounts: ["/etc/hosts:/a", "~/b:/b"]');
    const there = await shipScenarioFiles(far, planOf(text), scenario, root);
    expect(far.ran).to.deep.equal([]);
    expect(there.scenario).to.equal(root);
  });

  it('says who wants a file that is not here', async () => {
    const fault: unknown = await ship(containers('image: x, mounts: ["./none:/a"]')).catch(
      (error: unknown) => error,
    );
    expect(fault).to.be.instanceOf(Fault).and.include({ kind: 'usage' });
    expect(String(fault)).to.include('"none" is wanted by a mount of container "c"');
  });

  it('sends it again when the connection is lost midway', async () => {
    writeFileSync(join(scenario, 'web/big'), Buffer.alloc(3_000_000, 1));
    const far = machineHere();
    const opened: SshChannel[] = [];
    const watched = {
      ...far,
      run: async (argv: readonly string[]) => {
        const channel = await far.run(argv);
        opened.push(channel);
        return channel;
      },
    };
    const onProgress = (text: string): void => {
      if (/: [12]\.\d MB$/.test(text) && opened.length < 3) opened.at(-1)?.close();
    };
    const plan = planOf(containers('build: web'));
    const there = await shipScenarioFiles(watched, plan, scenario, root, { onProgress });
    expect(opened).to.have.length(4);
    expect(readFileSync(`${there.scenario}/web/big`)).to.have.length(3_000_000);
    expect(readFileSync(`${there.scenario}/web/inner/site.conf`, 'utf8')).to.equal('conf\n');
  });

  it('says that there is no space there', async () => {
    const far = machineHere();
    const full = {
      ...far,
      run: () => far.run(['sh', '-c', 'echo "No space left on device" >&2; exit 2']),
    };
    const text = containers('build: web');
    const fault: unknown = await shipScenarioFiles(full, planOf(text), scenario, root).catch(
      (error: unknown) => error,
    );
    expect(fault).to.be.instanceOf(Fault).and.include({ kind: 'machine' });
    expect(String(fault)).to.include('No space left on device');
  });
});

const containers = (what: string): string =>
  `version: 1\nname: t\nhosts: { h: {} }\ncontainers: { c: { ${what} } }\nnetworks: { n: { members: [h, c] } }\n`;

const host = (argv: string): string =>
  `version: 1\nname: t\nhosts: { h: {}, i: {} }\nnetworks: { n: { members: [h, i] } }\ntraffic:\n  - { name: go, from: h, run: ${argv} }\n`;

function planOf(text: string): Plan {
  const { plan, diagnostics } = compile(
    { file: 't.yaml', text },
    {
      readFile: () => ({ ok: false, error: 'none' }),
      runInventory: () => ({ ok: false, error: 'none' }),
    },
  );
  if (!plan) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return plan;
}
