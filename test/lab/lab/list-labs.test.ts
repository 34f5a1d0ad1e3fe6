// Labs of which only containers are left. These carry our labels and were made by hand: what is left of a killed run.
import {
  BUSYBOX,
  docker,
  dockerLines,
  importBusybox,
  needEngine,
  startForeign,
} from '../acceptance/support/engine.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { type Server, createServer } from 'node:net';
import type { Foreign } from '../acceptance/support/engine.ts';
import { destroyLab } from '../../../src/lab/destroy.ts';
import { expect } from 'chai';
import { join } from 'node:path';
import { listLabs } from '../../../src/lab/list-labs.ts';
import { newId, startTestLab } from './labs.ts';
import { ownOrigin } from '../../../src/lab/machine/origin.ts';
import { removeContainers } from '../../../src/lab/remove-containers.ts';
import { tmpdir } from 'node:os';

const silent = (text: string): void => expect.fail(text);

/** Starts a container as a lab would; gives its id. */
const leave = (lab: string, node: string, directory: string, origin = ownOrigin()): string =>
  docker(
    ...['run', '--detach', '--network', 'none', '--name', `${lab}-${node}`],
    ...['--label', `runner.lab=${lab}`, '--label', 'runner.scenario=killed'],
    ...['--label', `runner.node=${node}`, '--label', `runner.directory=${directory}`],
    ...['--label', `runner.origin=${origin}`],
    ...['--volume', `${lab}-data:/data`, BUSYBOX, 'sleep', '3600'],
  );

const containersOf = (lab: string): string[] =>
  dockerLines('ps', '--all', '--quiet', '--filter', `label=runner.lab=${lab}`);

describe('listLabs()', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'left-'));
  const [lab, other] = [newId(), newId()];
  let foreign: Foreign | undefined;
  before(function () {
    needEngine(this);
    importBusybox();
    foreign = startForeign();
    docker('volume', 'create', '--label', `runner.lab=${lab}`, `${lab}-data`);
    leave(other, 'web', folder);
  });
  after(() => {
    for (const id of [...containersOf(lab), ...containersOf(other)]) docker('rm', '-f', id);
    docker('volume', 'rm', '-f', `${lab}-data`, `${other}-data`);
    foreign?.remove();
    rmSync(folder, { recursive: true });
  });

  it('lists what was left with its nodes, and destroyLab() removes it and nothing else', async () => {
    const ids = { db: leave(lab, 'db', folder), web: leave(lab, 'web', folder) };
    const record = (await listLabs(silent)).find(({ id }) => id === lab);
    expect(record).to.deep.include({
      state: 'left',
      scenario: 'killed',
      directory: folder,
      nodes: ['db', 'web'],
      containers: ids,
    });
    const untouched = [foreign?.facts(), containersOf(other)];
    if (record) await destroyLab(record);
    expect(containersOf(lab)).to.deep.equal([]);
    expect(dockerLines('volume', 'ls', '--quiet')).to.not.include(`${lab}-data`);
    expect((await listLabs(silent)).map(({ id }) => id)).to.not.include(lab);
    expect([foreign?.facts(), containersOf(other)]).to.deep.equal(untouched);
  });

  it('lists the volume alone that a run left which was killed while it went down, and removes it', async () => {
    const id = newId();
    const labels = { lab: id, scenario: 'killed', directory: folder, origin: ownOrigin() };
    const marks = Object.entries(labels).flatMap(([name, text]) => [
      '--label',
      `runner.${name}=${text}`,
    ]);
    docker('volume', 'create', ...marks, `${id}-data`);
    const record = (await listLabs(silent)).find((lab) => lab.id === id);
    expect(record).to.deep.include({ state: 'left', scenario: 'killed', nodes: [] });
    if (record) await destroyLab(record);
    expect(dockerLines('volume', 'ls', '--quiet')).to.not.include(`${id}-data`);
    expect((await listLabs(silent)).map((lab) => lab.id)).to.not.include(id);
  });

  it('knows nothing of a container whose labels its image had, and destroyLab() spares it', async () => {
    const committed = `runner.test/committed-${lab}:1`;
    docker('commit', leave(lab, 'web', folder), committed);
    const bystander = docker('run', '--detach', '--network', 'none', committed);
    try {
      expect(
        docker('inspect', '--format', '{{index .Config.Labels "runner.lab"}}', bystander),
      ).to.equal(lab);
      const record = (await listLabs(silent)).find(({ id }) => id === lab);
      expect(record).to.have.property('nodes').that.deep.equals(['web']);
      if (record) await destroyLab(record);
      expect((await listLabs(silent)).map(({ id }) => id)).to.not.include(lab);
      expect(docker('inspect', '--format', '{{.State.Running}}', bystander)).to.equal('true');
    } finally {
      docker('rm', '--force', bystander);
      docker('rmi', committed);
    }
  });

  for (const [origin, state] of [
    ['another-boot/pid:[1]', 'left'],
    [ownOrigin().replace(/\d+\]$/, '1]'), 'elsewhere'],
    ['', 'elsewhere'],
  ] as const)
    it(`lists a lab that was started in "${origin.replace(/^[^/]{36}/, 'this boot')}" as ${state}`, async () => {
      leave(lab, 'web', folder, origin);
      const record = (await listLabs(silent)).find(({ id }) => id === lab);
      expect(record).to.include({ state });
      if (record) await destroyLab(record);
      expect(containersOf(lab)).to.deep.equal([]);
    });

  it('joins the processes of a lab with its containers', async () => {
    const id = newId();
    const live = await startTestLab(id);
    try {
      leave(id, 'web', folder);
      const records = (await listLabs(silent)).filter((record) => record.id === id);
      expect(records).to.have.length(1);
      expect(records[0]).to.deep.include({ state: 'running', nodes: ['web'] });
    } finally {
      await live.close();
      await removeContainers(id, ['web'], false);
    }
    expect(containersOf(id)).to.deep.equal([]);
    docker('volume', 'rm', '-f', `${id}-data`);
  });
});

describe('listLabs() without an engine', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'silent-'));
  const host = process.env['DOCKER_HOST'];
  let server: Server | undefined;
  afterEach(() => {
    if (host === undefined) delete process.env['DOCKER_HOST'];
    else process.env['DOCKER_HOST'] = host;
    server?.close();
  });
  after(() => rmSync(folder, { recursive: true }));

  it('says that one that is named is not there', async () => {
    const socket = join(folder, 'none.sock');
    process.env['DOCKER_HOST'] = `unix://${socket}`;
    const said: string[] = [];
    await listLabs((text) => void said.push(text));
    expect(said).to.have.length(1);
    expect(said[0]).to.include(socket).and.include('no such socket');
  });

  it('says once that one whose socket is there does not answer', async () => {
    const socket = join(folder, 'hung.sock');
    server = createServer();
    await new Promise<void>((resolve) => server?.listen(socket, resolve));
    process.env['DOCKER_HOST'] = `unix://${socket}`;
    const said: string[] = [];
    await listLabs((text) => void said.push(text));
    expect(said).to.have.length(1);
    expect(said[0]).to.include(socket).and.include('no answer within');
  });

  it('removeContainers() waits for it, then says what stays and how to finish', async () => {
    process.env['DOCKER_HOST'] = `unix://${join(folder, 'none.sock')}`;
    const begun = performance.now();
    const fault = await removeContainers('ab12', ['web', 'db'], false).catch(
      (error: unknown) => error,
    );
    expect(performance.now() - begun).to.be.within(14_000, 25_000);
    expect(fault)
      .to.have.property('message')
      .that.includes('Containers of lab ab12 stay (ab12-web, ab12-db)');
    expect(fault).to.have.property('help').that.includes('runner destroy ab12');
  });
});
