// A container from the command line: exec and shell, secrets, expectations, and a lab that stays.
import {
  BUSYBOX,
  docker,
  dockerLines,
  importBusybox,
  needEngine,
} from '../acceptance/support/engine.ts';
import {
  type RunResult,
  runRunner,
  said,
  scratch,
  startRunner,
} from '../acceptance/support/runner.ts';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'chai';
import { join } from 'node:path';

const SCENARIO = `version: 1
name: with-containers
hosts: { client: {} }
containers:
  web:
    image: "${BUSYBOX}"
    pull: never
    command: [sh, -c, "echo token $TOKEN; cat /tmp/none; echo made >/made.txt; exec sleep 3600"]
    environment: { TOKEN: { secret: { env: RUNNER_TEST_TOKEN } }, KEY: { secret: { file: key.txt } } }
    copy: { out: [{ from: /made.txt, to: made.txt, at: end }] }
  short: { image: "${BUSYBOX}", pull: never, command: [sh, -c, "sleep 0.3; exit 3"] }
networks: { lan: { members: [client, web, short] } }
traffic:
  - { name: key, from: web, run: [sh, -c, "sleep 1; echo $KEY"] }
captures: [client]
expect:
  - { container: web, state: running }
  - { container: short, exitCode: 3 }
`;
const SECRETS = ['secret-of-the-environment', 'secret-of-the-file'] as const;
const environment = { RUNNER_TEST_TOKEN: SECRETS[0] };

describe('containers at the command line', function () {
  this.timeout(120_000);
  const folder = scratch('cli-containers');
  const file = join(folder.path, 'scenario.yaml');
  const out = join(folder.path, 'results');
  const runner = (...args: string[]): Promise<RunResult> =>
    runRunner(args, { environment, timeout: 100_000 });
  before(function () {
    needEngine(this);
    importBusybox();
    writeFileSync(file, SCENARIO);
    writeFileSync(join(folder.path, 'key.txt'), `${SECRETS[1]}\n`);
  });
  after(() => folder.remove());

  const filesBelow = (path: string): string[] =>
    readdirSync(path, { recursive: true, encoding: 'utf8' })
      .map((name) => join(path, name))
      .filter((name) => statSync(name).isFile());

  it('apply judges how containers ended, keeps what was copied out, and tells no secret', async () => {
    const result = await runner('apply', file, '--out', out, '--json');
    expect(result.code, said(result)).to.equal(0);
    const { results, containers, warnings } = JSON.parse(result.stdout) as {
      readonly results: string;
      readonly containers: readonly object[];
      readonly warnings: readonly string[];
    };
    expect(containers.find((one) => 'node' in one && one.node === 'short')).to.include({
      state: 'exited',
      exitCode: 3,
    });
    expect(warnings).to.deep.equal([]);
    expect(readFileSync(join(results, 'files/web/made.txt'), 'utf8')).to.equal('made\n');
    const manifest = JSON.parse(readFileSync(join(results, 'run.json'), 'utf8')) as {
      readonly files: object;
    };
    expect(manifest.files).to.have.property('files/web/made.txt');
    const plan = await runner('plan', file, '--json');
    const texts = [plan, result].map(said);
    for (const path of filesBelow(out)) texts.push(readFileSync(path, 'latin1'));
    for (const secret of SECRETS) expect(texts.filter((text) => text.includes(secret))).to.be.empty;
    expect(dockerLines('ps', '-aq', '--filter', 'label=runner.scenario=with-containers')).to.be
      .empty;
  });

  it('apply names the secret that is missing, and leaves nothing', async () => {
    const nowhere = join(folder.path, 'nowhere');
    const result = await runRunner(['apply', file, '--out', nowhere], {
      environment: { RUNNER_TEST_TOKEN: undefined },
    });
    expect(result.code, said(result)).to.equal(2);
    expect(result.stderr).to.include('Container "web" wants a secret in TOKEN');
    expect(() => statSync(nowhere)).to.throw('ENOENT');
  });

  it('apply notes how containers ended when one of them fails at its start', async () => {
    const failing = join(folder.path, 'failing.yaml');
    const nodes = `bad: { image: "${BUSYBOX}", command: [sh, -c, "exit 3"] }, good: { image: "${BUSYBOX}", command: [sleep, "300"] }`;
    writeFileSync(
      failing,
      `version: 1\nname: failing-start\ncontainers: { ${nodes} }\nnetworks: { lan: { members: [bad, good] } }\n`,
    );
    const result = await runner('apply', failing, '--out', out);
    expect(result.code, said(result)).to.equal(4);
    const manifest = readFileSync(join(out, 'failing-start/latest/run.json'), 'utf8');
    const { containers } = JSON.parse(manifest) as { readonly containers: readonly object[] };
    expect(containers[0]).to.include({ node: 'bad', state: 'exited', exitCode: 3 });
    expect(containers[1]).to.include({ node: 'good', state: 'running', exitCode: null });
  });

  describe('in a lab that stays', () => {
    let id = '';
    before(async () => {
      const result = await runner('apply', file, '--out', out, '--keep', '--json');
      expect(result.code, said(result)).to.equal(0);
      const listed = await runner('ps', '--json');
      const labs = JSON.parse(listed.stdout) as { id: string; state: string; directory: string }[];
      const lab = labs.find(({ directory }) => directory.startsWith(out));
      expect(lab, said(listed)).to.include({ state: 'kept' });
      id = lab?.id ?? '';
    });

    for (const [argv, code] of [
      [['sh', '-c', 'exit 42'], 42],
      [['sh', '-c', 'kill -9 $$'], 137],
      [['no-such-program'], 127],
      [['/etc'], 126],
    ] as const)
      it(`exec passes on ${code} of "${argv.join(' ')}"`, async () => {
        const result = await runner('exec', id, 'web', '--', ...argv);
        expect(result.code, said(result)).to.equal(code);
      });

    it('exec passes both outputs, and standard input to its end', () => {
      const runs = join(import.meta.dirname, '../../../bin/runner');
      const argv = [runs, 'exec', id, 'web', '--', 'sh', '-c', 'cat; echo end >&2'];
      const input = 'x'.repeat(300_000);
      const output = execFileSync(process.execPath, argv, { input, encoding: 'utf8' });
      expect(output).to.equal(input);
    });

    it('exec says which program is not there', async () => {
      const result = await runner('exec', id, 'web', '--', 'no-such-program');
      expect(result.stderr).to.match(/^launch: no program "no-such-program" in PATH "[^\n]*\n$/);
    });

    /** What the engine lists of the processes in the container "web". */
    const programsOfWeb = (): string => {
      const labels = [`runner.lab=${id}`, 'runner.node=web'];
      const filters = labels.flatMap((label) => ['--filter', `label=${label}`]);
      return docker('top', docker('ps', '--quiet', ...filters).trim());
    };
    for (const [signal, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
      ['SIGHUP', 129],
    ] as const)
      it(`exec ends its program when it gets ${signal}`, async () => {
        const script = 'trap : TERM; echo up; while :; do sleep 4321; done';
        const running = startRunner(['exec', id, 'web', '--', 'sh', '-c', script]);
        await once(running.process.stdout ?? running.process, 'data');
        running.process.kill(signal);
        const result = await running.ended;
        expect(result.code, said(result)).to.equal(code);
        expect(programsOfWeb()).not.to.include('4321');
      });

    it('exec ends its program when nobody reads its output', async () => {
      const script = 'while :; do echo 5432; sleep 0.1; done';
      const running = startRunner(['exec', id, 'web', '--', 'sh', '-c', script]);
      await once(running.process.stdout ?? running.process, 'data');
      running.process.stdout?.destroy();
      expect((await running.ended).code).to.equal(141);
      expect(programsOfWeb()).not.to.include('5432');
    });

    it('exec gives the program the authority of the lab', async () => {
      const result = await runner('exec', id, 'web', '--', 'sh', '-c', 'echo $SSL_CERT_FILE');
      expect(result.stdout).to.equal('/.runner/ca.pem\n');
    });

    it('exec still runs programs in hosts', async () => {
      const result = await runner('exec', id, 'client', '--', 'ip', 'address');
      expect(result.stdout, said(result)).to.include('client-lan');
    });

    it('shell takes a shell of the image', () => {
      const runs = join(import.meta.dirname, '../../../bin/runner');
      const argv = [runs, 'shell', id, 'web'];
      const input = 'cat /made.txt\n';
      expect(execFileSync(process.execPath, argv, { input, encoding: 'utf8' })).to.equal('made\n');
    });

    it('logs shows what the container wrote', async () => {
      expect((await runner('logs', id, 'web')).stdout).to.match(/^web \| .*token/m);
    });

    it('is completed', async () => {
      expect((await runner('__complete', 'exec', id, 'w')).stdout).to.equal('none\nweb\n');
    });

    it('leaves no container once destroyed', async () => {
      const container = docker('ps', '-q', '--filter', `label=runner.lab=${id}`);
      expect(container).to.not.equal('');
      const result = await runner('destroy', id);
      expect(result.code, said(result)).to.equal(0);
      expect(dockerLines('ps', '-aq', '--filter', `label=runner.lab=${id}`)).to.be.empty;
    });
  });
});
