import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
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
import type { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { Fault } from '../../../src/base/fault.ts';
import type { ContainerOrder, EngineEvent } from '../../../src/engine/engine.ts';
import {
  type OpenEngine,
  listLabContainers,
  openEngine,
  removeLab,
} from '../../../src/engine/open-engine.ts';
import { PLAIN_SPEC, orderOf } from '../../engine/container-orders.ts';
import {
  BUSYBOX,
  docker,
  dockerLines,
  importBusybox,
  needEngine,
} from '../acceptance/support/engine.ts';

const LAB = randomBytes(4).toString('hex');
const OTHER_LAB = randomBytes(4).toString('hex');

describe('openEngine()', function () {
  this.timeout(60_000);
  let engine: OpenEngine;
  let image = '';
  let folder = '';
  let id = '';

  before(async function () {
    needEngine(this);
    importBusybox();
    engine = await openEngine();
    image = (await engine.findImage(BUSYBOX))?.id ?? '';
    folder = mkdtempSync(join(tmpdir(), 'engine-'));
    id = await start('a');
  });
  after(async () => {
    rmSync(folder, { recursive: true });
    for (const lab of [LAB, OTHER_LAB]) await removeLab(engine, lab);
  });

  const create = (node: string, changes: Partial<ContainerOrder> = {}): Promise<string> =>
    engine.createContainer(orderOf(LAB, node, { image, ...changes }));
  const start = async (node: string, changes: Partial<ContainerOrder> = {}): Promise<string> => {
    const started = await create(node, changes);
    await engine.startContainer(started);
    return started;
  };
  const run = async (
    script: string,
    input: string | Buffer = '',
  ): Promise<{ code: number; stdout: Buffer; stderr: string }> => {
    const order = {
      argv: ['/bin/sh', '-c', script],
      environment: { GIVEN: 'ü = 1\n2' },
      tty: false,
    };
    const program = await engine.execute(id, order);
    program.stdin.end(input);
    const [stdout, stderr] = await Promise.all([buffer(program.stdout), text(program.stderr)]);
    return { code: await program.ended, stdout, stderr };
  };
  const faultOf = async (work: Promise<unknown>): Promise<Fault> => {
    const found = await work.then(
      () => undefined,
      (error: unknown) => error,
    );
    if (found instanceof Fault) return found;
    throw new Error(`Expected a fault, found ${String(found)}`);
  };

  describe('execute()', () => {
    it('keeps outputs apart and gives input, environment and exit code', async () => {
      const { code, stdout, stderr } = await run(
        'cat; echo "$GIVEN"; echo wrong >&2; exit 7',
        'in\n',
      );
      expect([code, String(stdout), stderr]).to.deep.equal([7, 'in\nü = 1\n2\n', 'wrong\n']);
    });

    it('passes large binary input and output through unchanged', async () => {
      const bytes = Buffer.from(Array.from({ length: 1 << 20 }, (_, index) => (index * 31) & 0xff));
      const { stdout } = await run('cat', Buffer.concat([bytes, bytes, bytes]));
      expect(stdout.equals(Buffer.concat([bytes, bytes, bytes]))).to.equal(true);
    });

    it('holds a program back whose output is not read', async () => {
      const script = 'echo $$ > /pid; exec /bin/busybox yes';
      const order = { argv: ['/bin/sh', '-c', script], environment: {}, tty: false };
      const program = await engine.execute(id, order);
      await once(program.stdout, 'readable');
      await run('/bin/busybox sleep 0.5');
      expect(program.stdout.readableLength).to.be.below(1 << 20);
      program.stdout.resume();
      await run('kill $(cat /pid)');
      expect(await program.ended).to.equal(143);
    });

    it('waits for a program that has closed its outputs', async () => {
      expect((await run('exec >&- 2>&-; sleep 1; exit 4')).code).to.equal(4);
    });

    it('gives a terminal of the wished size', async () => {
      const program = await engine.execute(id, {
        argv: ['/bin/sh', '-c', 'read go; /bin/busybox stty size; exit 3'],
        environment: {},
        tty: true,
      });
      await program.resize(100, 30);
      program.stdin.write('go\n');
      expect(await text(program.stdout)).to.contain('30 100');
      expect(await program.ended).to.equal(3);
    });

    it('gives the program its end of file when our process is killed', async () => {
      const holder = fileURLToPath(new URL('connection-holder.ts', import.meta.url));
      const child = spawn(process.execPath, ['--import', 'ts-blank-space/register', holder, id], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(child.stdout, 'data');
      child.kill('SIGKILL');
      await once(child, 'close');
      const wait =
        'while ! /bin/busybox grep -q end-of-file /input; do /bin/busybox sleep 0.05; done';
      expect(String((await run(`${wait}; cat /input`)).stdout)).to.equal('partial\nend-of-file\n');
    });
  });

  describe('attachOutput() and watch()', () => {
    it('lose nothing of a container that writes at once and ends', async () => {
      const events: EngineEvent[] = [];
      const watch = await engine.watch(LAB, (event) => events.push(event));
      const command = ['/bin/busybox seq 20000; echo wrong >&2; exit 5'];
      const short = await create('short', { command });
      const { stdout, stderr } = await engine.attachOutput(short, false);
      const outputs = Promise.all([lineCount(stdout), text(stderr)]);
      await engine.startContainer(short);
      expect(await outputs).to.deep.equal([20_000, 'wrong\n']);
      await engine.stopContainer(short, null, 5000);
      expect(await engine.inspectContainer(short)).to.include({
        state: 'exited',
        exitCode: 5,
        pid: null,
      });
      while (events.length < 2) await new Promise((resolve) => setImmediate(resolve));
      expect(events.map(({ what }) => what)).to.deep.equal(['started', 'exited']);
      expect(events[1]).to.include({ container: short, exitCode: 5 });
      watch.close();
    });
  });

  describe('stopContainer()', () => {
    it('sends the signal, waits for as long as it may, and kills', async () => {
      const script = 'trap "exit 9" USR1; while true; do /bin/busybox sleep 0.05; done';
      const polite = await start('polite', { command: [script] });
      await run('/bin/busybox sleep 0.3');
      await engine.stopContainer(polite, 'SIGUSR1', 10_000);
      expect(await engine.inspectContainer(polite)).to.include({ exitCode: 9 });
      const deaf = await start('deaf', { command: ['trap "" TERM; exec sleep 1000'] });
      await engine.stopContainer(deaf, null, 300);
      expect(await engine.inspectContainer(deaf)).to.include({ exitCode: 137 });
      await engine.stopContainer(deaf, null, 300);
    });
  });

  describe('createContainer() and startContainer()', () => {
    for (const [name, changes, kind, message] of [
      ['a', {}, 'machine', /already in use/],
      [
        'bind',
        { binds: [{ from: '/nonexistent/x', to: '/x', readOnly: true }] },
        'usage',
        /bind source/,
      ],
      ['program', { entrypoint: ['nope'] }, 'usage', /executable file not found/],
      ['image', { image: `sha256:${'0'.repeat(64)}` }, 'usage', /No such image/],
      [
        'sysctl',
        { spec: { ...PLAIN_SPEC, sysctls: { 'kernel.panic': '1' } } },
        'usage',
        /kernel\.panic/,
      ],
      ['user', { spec: { ...PLAIN_SPEC, user: 'nobodyhere' } }, 'usage', /nobodyhere/],
      [
        'capability',
        { spec: { ...PLAIN_SPEC, capabilities: { add: ['NOPE'], drop: [] } } },
        'usage',
        /NOPE/,
      ],
      [
        'profile',
        { spec: { ...PLAIN_SPEC, securityOptions: ['seccomp=x.json'] } },
        'usage',
        /absolute/,
      ],
    ] as const)
      it(`says whose fault it is: ${name}`, async () => {
        const fault = await faultOf(start(name, changes));
        expect(fault.kind).to.equal(kind);
        expect(fault.message).to.match(message);
        expect(fault.help).to.be.a('string');
      });
  });

  describe('copyIn() and copyOut()', () => {
    it('bring a tree there and back, with modes and odd names, as root', async () => {
      const from = join(folder, 'tree');
      const odd = 'ü dir\nx';
      mkdirSync(join(from, odd), { recursive: true });
      writeFileSync(join(from, odd, 'n'.repeat(200)), 'long', { mode: 0o640 });
      writeFileSync(join(from, 'empty'), '');
      symlinkSync('/etc/passwd', join(from, 'link'));
      await engine.copyIn(id, from, '/made/for/it');
      expect(
        String((await run('cd /made/for/it; /bin/busybox stat -c %u:%a */n*; cat */n*')).stdout),
      ).to.equal('0:640\nlong');
      const skipped: string[] = [];
      const to = join(folder, 'back');
      const written = await engine.copyOut(id, '/made/for/it', to, (line) => skipped.push(line));
      expect(written.sort()).to.deep.equal([join(to, 'empty'), join(to, odd, 'n'.repeat(200))]);
      expect(readFileSync(written[1] ?? '', 'utf8')).to.equal('long');
      expect(statSync(written[1] ?? '').mode & 0o777).to.equal(0o640);
      expect(skipped).to.have.length(1);
    });

    it('go into a folder that is there, under a name that is not, and follow a link out', async () => {
      const file = join(folder, 'one.txt');
      writeFileSync(file, 'one');
      await run('mkdir /there');
      await engine.copyIn(id, file, '/there');
      await engine.copyIn(id, file, '/named');
      await engine.copyIn(id, file, '/new/');
      await run('/bin/busybox ln -s /named /alias');
      expect(String((await run('cat /there/one.txt /named /new/one.txt')).stdout)).to.equal(
        'oneoneone',
      );
      const to = join(folder, 'alias');
      expect(await engine.copyOut(id, '/alias', to)).to.deep.equal([to]);
      expect(readFileSync(to, 'utf8')).to.equal('one');
    });

    it('say what is missing', async () => {
      expect((await faultOf(engine.copyIn(id, join(folder, 'absent'), '/x'))).kind).to.equal(
        'usage',
      );
      expect((await faultOf(engine.copyOut(id, '/absent', folder))).message).to.contain('/absent');
      const below = engine.copyIn(id, join(folder, 'one.txt'), '/named/below');
      expect((await faultOf(below)).message).to.contain('/named');
    });
  });

  describe('buildImage()', () => {
    const tag = `runner.test/built-${process.pid}:1`;
    after(() => {
      docker('image', 'rm', '--force', tag);
    });
    const build = async (
      lines: readonly string[],
      target: string | null = null,
    ): Promise<string[]> => {
      const context = join(folder, 'context');
      rmSync(context, { recursive: true, force: true });
      mkdirSync(context);
      writeFileSync(join(context, 'secret'), '');
      writeFileSync(join(context, '.dockerignore'), 'secret\n');
      writeFileSync(join(context, 'Dockerfile'), `FROM ${BUSYBOX}\n${lines.join('\n')}\n`);
      const said: string[] = [];
      await engine.buildImage(
        {
          context,
          dockerfile: 'Dockerfile',
          args: { WHO: 'ü "&" me' },
          target,
          network: 'none',
          tag,
        },
        (line) => said.push(line),
      );
      return said;
    };

    it('sends the context but what is ignored, and tells what it does', async () => {
      const said = await build([
        'ARG WHO',
        'COPY . /context/',
        'RUN echo "for $WHO"; ls /context',
        'ENTRYPOINT ["sleep"]',
        'HEALTHCHECK --interval=2s CMD true',
      ]);
      expect(said).to.include.members(['for ü "&" me', 'Dockerfile']);
      expect(said).not.to.include('secret');
      const built = await engine.findImage(tag);
      expect(built).to.deep.include({ entrypoint: ['sleep'], digest: null });
      expect(built?.healthcheck).to.include({ interval: 2000, retries: null });
    });

    it('says which step failed, how, and what it had said, and leaves no container', async () => {
      const before = dockerLines('ps', '--all', '--quiet', '--filter', `ancestor=${image}`).length;
      const fault = await faultOf(build(['RUN echo before', 'RUN echo why >&2; exit 3']));
      expect(fault).to.include({ kind: 'usage' });
      expect(fault.message).to.match(/at step 3\/3 : RUN echo why.*non-zero code: 3\n {2}why$/s);
      expect((await faultOf(build(['FROM nosuch.invalid/x:1']))).kind).to.equal('machine');
      expect((await faultOf(build(['NOPE']))).message).to.contain('NOPE');
      expect((await faultOf(build([], 'absent'))).help).to.contain('target');
      expect(dockerLines('ps', '--all', '--quiet', '--filter', `ancestor=${image}`)).to.have.length(
        before,
      );
    });
  });

  describe('pullImage()', () => {
    it('says that the registry cannot be reached', async () => {
      const fault = await faultOf(engine.pullImage('127.0.0.1:1/absent:1', () => undefined));
      expect(fault.message).to.contain('Cannot pull image 127.0.0.1:1/absent:1');
      expect(fault.help).to.contain('cannot reach 127.0.0.1:1');
    });
  });

  describe('removeLab()', () => {
    it("removes all of a lab at once and again, volumes too, and nothing of another's", async () => {
      const spec = { ...PLAIN_SPEC };
      const volumes = [{ name: `${OTHER_LAB}-v`, to: '/v', readOnly: false }];
      const other = orderOf(OTHER_LAB, 'b', { image, spec, volumes });
      await engine.startContainer(await engine.createContainer(other));
      const [found] = await listLabContainers(engine, OTHER_LAB);
      expect(found).to.deep.include({
        labId: OTHER_LAB,
        node: 'b',
        scenario: 'test',
        running: true,
      });
      await Promise.all([removeLab(engine, OTHER_LAB), removeLab(engine, OTHER_LAB)]);
      await removeLab(engine, OTHER_LAB);
      expect(await listLabContainers(engine, OTHER_LAB)).to.deep.equal([]);
      expect(dockerLines('volume', 'ls', '--quiet', '--filter', `name=${OTHER_LAB}`)).to.deep.equal(
        [],
      );
      expect((await engine.inspectContainer(id)).state).to.equal('running');
    });
  });
});

async function lineCount(stream: Readable): Promise<number> {
  return (await text(stream)).split('\n').length - 1;
}
