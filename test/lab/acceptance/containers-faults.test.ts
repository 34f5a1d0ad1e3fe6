// What engines, images and containers may lack or do: the runner says so, with what to do, and leaves nothing.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import { BUSYBOX, docker, importBusybox, labContainers, needEngine } from './support/engine.ts';
import { type EngineState, readEngineState } from './support/engine-state.ts';
import { asOrdinaryUser } from './support/ordinary-user.ts';
import { PrivateEngine } from './support/private-engine.ts';
import {
  IS_ROOT,
  type RunOptions,
  type RunResult,
  runRunner,
  said,
  scratch,
  startRunner,
} from './support/runner.ts';

const IDLE = { image: BUSYBOX, pull: 'never', command: ['sleep', '3600'] };

describe('containers that cannot be had', function () {
  this.timeout(60_000);
  const folder = scratch('containers-faults');
  let pristine: EngineState;

  before(function () {
    needEngine(this);
    importBusybox();
    pristine = readEngineState();
  });
  after(() => folder.remove());
  afterEach(() => {
    expect(readEngineState()).to.deep.equal(pristine);
  });

  /** Applies a scenario of these containers on one network with a bare host. */
  function applying(
    containers: Readonly<Record<string, object>>,
    options: RunOptions = {},
  ): Promise<RunResult> {
    const file = join(folder.path, 'scenario.yaml');
    const members = ['peer', ...Object.keys(containers)];
    const networks = { lan: { members } };
    const traffic = [{ name: 'wait', from: 'peer', run: ['sleep', '1'] }];
    const scenario = { version: 1, name: 'faults', hosts: { peer: {} }, containers, networks };
    writeFileSync(file, JSON.stringify({ ...scenario, traffic }));
    return runRunner(['apply', file, '--out', join(folder.path, 'out')], options);
  }

  function expectFault(result: RunResult, code: number, ...parts: readonly RegExp[]): void {
    expect(result.code, said(result)).to.equal(code);
    for (const part of parts) expect(result.stderr).to.match(part);
    expect(result.stderr).to.match(/= help: \S/);
    expect(result.stderr).to.not.match(/bug in runner|at .*\.js:\d+/);
  }

  it('apply says that no engine answers', async () => {
    const environment = { DOCKER_HOST: `unix://${folder.path}/no.sock` };
    expectFault(await applying({ web: IDLE }, { environment }), 3, /no\.sock/);
  });

  it('apply says that the engine does not let this user in', async function () {
    if (!IS_ROOT) this.skip();
    const home = join(folder.path, 'user');
    mkdirSync(home, { mode: 0o777 });
    const user = asOrdinaryUser(home);
    expectFault(await applying({ web: IDLE }, user), 3, /permission|refuse|may not/i);
  });

  it('apply says that an image is missing', async () => {
    const web = { ...IDLE, image: 'runner.test/nowhere:1' };
    expectFault(await applying({ web }), 3, /runner\.test\/nowhere:1/);
  });

  it('apply says that an image cannot be pulled', async () => {
    const web = { ...IDLE, image: 'localhost:9/nowhere:1', pull: 'missing' };
    expectFault(await applying({ web }), 3, /localhost:9\/nowhere:1/, /refused/);
  });

  it('apply shows the last lines of a build that fails', async () => {
    const context = join(folder.path, 'context');
    mkdirSync(context);
    const lines = [`FROM ${BUSYBOX}`, 'RUN echo the reason; exit 9', ''];
    writeFileSync(join(context, 'Dockerfile'), lines.join('\n'));
    const result = await applying({ web: { build: context } });
    expectFault(result, 2, /"web"/, /the reason/, /code: 9/);
    docker('image', 'prune', '--force');
    for (const id of docker('ps', '--all', '--quiet', '--filter', `ancestor=${BUSYBOX}`).split(
      '\n',
    ))
      if (id !== '') docker('rm', '--force', id);
  });

  it('apply shows the last words of a container that dies at its start', async () => {
    const command = ['sh', '-c', 'echo the last words; exit 7'];
    const healthcheck = { test: ['true'], interval: '1s' };
    const result = await applying({ web: { ...IDLE, command, healthcheck } });
    expectFault(result, 4, /"web"/, /exit code 7/, /the last words/);
  });

  it('apply says that a program is not in the image', async () => {
    const result = await applying({ web: { ...IDLE, command: ['/no/such/program'] } });
    expectFault(result, 4, /"web"/, /\/no\/such\/program/);
  });

  it('apply refuses a host and a container of one name', async () => {
    const result = await applying({ peer: IDLE });
    expect(result.code, said(result)).to.equal(2);
    expect(result.stderr).to.match(/"peer"/);
  });
});

describe('an engine that ends midway', function () {
  this.timeout(90_000);
  const folder = scratch('containers-engine-ends');
  const engine = new PrivateEngine();
  const environment = { DOCKER_HOST: engine.address };
  const file = join(folder.path, 'long.yaml');

  before(async function () {
    if (!IS_ROOT) {
      process.stderr.write('      only root can start dockerd\n');
      this.skip();
    }
    needEngine(this);
    importBusybox();
    await engine.start();
    const archive = join(folder.path, 'image.tar');
    docker('save', '--output', archive, BUSYBOX);
    engine.docker('load', '--input', archive);
    const scenario = {
      version: 1,
      name: 'long',
      containers: { one: IDLE, two: IDLE },
      networks: { lan: { members: ['one', 'two'] } },
      traffic: [{ name: 'long', from: 'one', run: ['sleep', '50'], timeout: '60s' }],
    };
    writeFileSync(file, JSON.stringify(scenario));
  });
  after(async () => {
    await engine.remove();
    folder.remove();
  });

  for (const [signal, what] of [
    ['SIGTERM', 'is stopped'],
    ['SIGKILL', 'is killed'],
  ] as const)
    it(`breaks the run when it ${what}, and nothing stays once it is back`, async () => {
      await engine.start();
      const run = startRunner(['apply', file, '--out', folder.path], { environment });
      await untilInside();
      await engine.stop(signal);
      const result = await run.ended;
      expect(result.code, said(result)).to.equal(4);
      expect(result.stderr).to.match(/engine|docker/i);
      await engine.start();
      const destroyed = await runRunner(['destroy', '--all'], { environment });
      expect(destroyed.code, said(destroyed)).to.equal(0);
      expect(engine.docker('ps', '--all', '--quiet')).to.equal('');
      expect(engine.docker('volume', 'ls', '--quiet')).to.equal('');
      expect(labContainers()).to.deep.equal([]);
    });

  /** Until the flow's program runs in the container: the engine lists it among the processes. */
  async function untilInside(): Promise<void> {
    const filter = 'label=runner.node=one';
    for (const end = performance.now() + 20_000; ;) {
      const id = engine.docker('ps', '--quiet', '--filter', filter);
      if (id !== '' && engine.docker('top', id).includes('sleep 50')) return;
      if (performance.now() > end) throw new Error('The flow did not begin within 20 s');
      await wait(100);
    }
  }
});
