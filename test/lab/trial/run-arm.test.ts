// A run cut off midway: it ends at once, leaves what was seen, and says why.
import { type Running, said, scratch, startRunner } from '../acceptance/support/runner.ts';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import type { LiveLab } from '../../../src/lab/list.ts';
import type { RunManifest } from '../../../src/model/run.ts';
import { expect } from 'chai';
import { join } from 'node:path';
import { listLiveLabs } from '../../../src/lab/list.ts';
import { setTimeout as wait } from 'node:timers/promises';

const SCENARIO = `version: 1
name: cut
hosts: { client: {}, server: {} }
networks: { lan: { members: [client, server] } }
traffic:
  - { name: echo, on: server, serve: { echo: { tcp: 7 } } }
  - { name: first, from: client, to: "server:7", probe: { tcp: {} } }
  - { name: endless, from: client, after: first, run: { command: [sleep, "3600"] } }
captures: [client, server]
`;

describe('runArm()', function () {
  this.timeout(60_000);
  const folder = scratch('cut');
  const file = join(folder.path, 'cut.yaml');
  before(() => writeFileSync(file, SCENARIO));
  after(() => folder.remove());

  /** Starts a run and waits until its endless flow is under way. */
  async function start(name: string): Promise<{ run: Running; lab: LiveLab; out: string }> {
    const out = join(folder.path, name);
    const run = startRunner(['apply', file, '--out', out]);
    const end = Date.now() + 30_000;
    while (Date.now() < end) {
      const lab = listLiveLabs().find(({ directory }) => directory.startsWith(`${out}/`));
      const events = lab ? join(lab.directory, 'events.ndjson') : '';
      if (lab && existsSync(events) && readFileSync(events, 'utf8').includes('"endless"'))
        return { run, lab, out };
      await wait(20);
    }
    throw new Error('The run does not come to its endless flow');
  }

  const heard = (run: Running, text: string): Promise<void> =>
    new Promise((resolve) => {
      run.process.stderr?.on('data', (chunk: string) => {
        if (chunk.includes(text)) resolve();
      });
    });

  function manifestIn(out: string): RunManifest {
    const path = join(out, 'cut', 'latest', 'run.json');
    return JSON.parse(readFileSync(path, 'utf8')) as RunManifest;
  }

  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 143],
  ] as const)
    it(`collects and takes the lab down at ${signal}`, async () => {
      const { run, lab, out } = await start(signal);
      process.kill(-(run.process.pid ?? 0), signal);
      const result = await run.ended;
      expect(result.code, said(result)).to.equal(code);
      expect(result.stderr).to.include(`Interrupted by ${signal}`);
      const manifest = manifestIn(out);
      expect(manifest.status).to.equal('interrupted');
      expect(manifest.captures.map(({ packets }) => packets > 0)).to.deep.equal([true, true]);
      const files = readdirSync(join(out, 'cut', 'latest'));
      expect(files).to.include.members(['events.ndjson', 'report.html', 'captures', 'logs']);
      expect(files).to.not.include('verdicts.json');
      expect(listLiveLabs().map(({ id }) => id)).to.not.include(lab.id);
    });

  it('breaks, exits 4 and says why when the agent is killed', async () => {
    const { run, lab, out } = await start('agent-killed');
    process.kill(lab.agentPid, 'SIGKILL');
    const result = await run.ended;
    expect(result.code, said(result)).to.equal(4);
    expect(result.stderr).to.include('The lab ended before the run did');
    expect(manifestIn(out)).to.include({ status: 'broken' });
  });

  it('waits only seconds for an agent that does not answer', async () => {
    const { run, lab, out } = await start('agent-stopped');
    process.kill(lab.agentPid, 'SIGSTOP');
    process.kill(run.process.pid ?? 0, 'SIGINT');
    const result = await run.ended;
    expect(result.code, said(result)).to.equal(130);
    expect(manifestIn(out).status).to.equal('interrupted');
    expect(listLiveLabs().map(({ id }) => id)).to.not.include(lab.id);
  });

  it('waits for nothing after a second signal', async () => {
    const { run, lab, out } = await start('second-signal');
    process.kill(lab.agentPid, 'SIGSTOP');
    const noticed = heard(run, '✘ traffic');
    process.kill(run.process.pid ?? 0, 'SIGINT');
    await noticed;
    const second = performance.now();
    process.kill(run.process.pid ?? 0, 'SIGINT');
    const result = await run.ended;
    expect(performance.now() - second).to.be.lessThan(2000);
    expect(result.code, said(result)).to.equal(130);
    expect(manifestIn(out).status).to.equal('interrupted');
    expect(listLiveLabs().map(({ id }) => id)).to.not.include(lab.id);
  });

  it('leaves a folder marked as partial when runner itself is killed', async () => {
    const { run, lab, out } = await start('runner-killed');
    run.process.kill('SIGKILL');
    await run.ended;
    const end = Date.now() + 10_000;
    while (listLiveLabs().some(({ id }) => id === lab.id)) {
      expect(Date.now(), 'the lab goes with runner').to.be.lessThan(end);
      await wait(20);
    }
    const names = readdirSync(join(out, 'cut'));
    expect(names).to.have.length(1);
    expect(names[0]).to.match(/^\..*\.partial$/);
  });
});
