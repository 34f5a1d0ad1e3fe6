import { expect } from 'chai';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const LAUNCH = resolve('build/launch');

const launch = (argv: readonly string[], env?: NodeJS.ProcessEnv): ChildProcess =>
  spawn(LAUNCH, argv, { stdio: ['pipe', 'pipe', 'pipe'], env: env ?? process.env });

/** Its exit code, or the signal that ended it, and what it wrote. */
async function endOf(child: ChildProcess): Promise<{ end: unknown; out: string; err: string }> {
  let out = '';
  let err = '';
  child.stdout?.on('data', (text: Buffer) => void (out += text.toString()));
  child.stderr?.on('data', (text: Buffer) => void (err += text.toString()));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { end: code ?? signal, out, err };
}

const said = (child: ChildProcess): Promise<unknown> => once(child.stdout ?? child, 'data');

describe('launch', () => {
  let folder = '';
  let gate = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'runner-launch-'));
    gate = join(folder, 'gate');
    spawnSync('mkfifo', [gate]);
  });
  after(() => rmSync(folder, { recursive: true }));

  it('wait becomes the program when somebody reads, and closes the gate', async () => {
    const marker = join(folder, 'ran');
    const child = launch(['wait', gate, '--', 'sh', '-c', `echo $$ >${marker}; cat; exit 7`]);
    const end = endOf(child);
    expect(existsSync(marker)).to.equal(false);
    const reader = spawn('cat', [gate]);
    expect(await endOf(reader)).to.deep.equal({ end: 0, out: '', err: '' });
    child.stdin?.end('kept input');
    expect(await end).to.deep.equal({ end: 7, out: 'kept input', err: '' });
    expect(Number(readFileSync(marker, 'utf8'))).to.equal(child.pid);
  });

  it('wait says at the gate that the program cannot be executed', async () => {
    const child = launch(['wait', gate, '--', 'no-such-program'], { PATH: '/a::/b' });
    const [end, reader] = await Promise.all([endOf(child), endOf(spawn('cat', [gate]))]);
    expect(reader.out).to.equal('!');
    expect(end).to.deep.include({
      ...{ end: 127, err: 'launch: no program "no-such-program" in PATH "/a::/b"\n' },
    });
  });

  it('wait fails without its gate', async () =>
    expect(await endOf(launch(['wait', `${gate}.none`, '--', 'true']))).to.deep.equal({
      ...{ end: 125, out: '' },
      err: `launch: cannot open the gate "${gate}.none": No such file or directory\n`,
    }));

  it('wait ends by a signal, also as the first process of a PID namespace', async () => {
    const argv = ['--fork', '--pid', '--kill-child', LAUNCH, 'wait', gate, '--', 'true'];
    const own = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
    const child = spawn('unshare', [...own, ...argv]);
    const children = `/proc/${child.pid}/task/${child.pid}/children`;
    let pid = 0;
    for (const end = Date.now() + 5000; Date.now() < end && !(pid > 0 && opened(pid));) {
      pid = Number(readFileSync(children, 'utf8'));
      await new Promise(setImmediate);
    }
    process.kill(pid, 'SIGTERM');
    expect((await endOf(child)).end).to.equal(143);
  });

  it('supervise gives exit codes, and 128 and its number for a signal', async () => {
    const code = async (...argv: string[]): Promise<unknown> =>
      (await endOf(launch(['supervise', '--', ...argv]))).end;
    expect(await code('sh', '-c', 'exit 3')).to.equal(3);
    expect(await code('sh', '-c', 'kill -SEGV $$')).to.equal(139);
    expect(await code('no-such-program')).to.equal(127);
    const text = join(folder, 'text');
    writeFileSync(text, 'text');
    expect(await code(text)).to.equal(126);
  });

  it('supervise ends the whole group when its input ends, and gives the program none', async () => {
    const child = launch([
      'supervise',
      '--',
      'sh',
      '-c',
      'trap "" TERM; cat; sleep 81 & echo $!; wait',
    ]);
    const [pid] = (await said(child)) as [Buffer];
    child.stdin?.end();
    expect((await endOf(child)).end).to.equal(137);
    await gone(Number(pid.toString()));
  });

  it('supervise ends what the program leaves behind, and with a signal of its own', async () => {
    const left = await endOf(
      launch(['supervise', '--', 'sh', '-c', 'sleep 82 >&- 2>&- & echo $!']),
    );
    expect(left.end).to.equal(0);
    await gone(Number(left.out));
    const child = launch(['supervise', '--', 'sh', '-c', 'echo up; sleep 83']);
    await said(child);
    child.kill('SIGTERM');
    expect((await endOf(child)).end).to.equal(143);
  });

  it('supervise ends what made a session of its own, with the program and when its input ends', async () => {
    const script = 'setsid sh -c "trap : TERM; echo \\$\\$; while :; do sleep 84; done" & wait';
    const child = launch(['supervise', '--', 'sh', '-c', script]);
    const [stubborn] = (await said(child)) as [Buffer];
    child.stdin?.end();
    const begun = Date.now();
    expect((await endOf(child)).end).to.equal(143);
    expect(Date.now() - begun).to.be.within(900, 2500);
    await gone(Number(stubborn.toString()));
    const left = await endOf(
      launch(['supervise', '--', 'sh', '-c', 'setsid sleep 85 >&- 2>&- & echo $!; exit 4']),
    );
    expect(left.end).to.equal(4);
    await gone(Number(left.out));
  });

  it('exec gives the program its input, and leaves what it leaves', async () => {
    const child = launch([
      'exec',
      'some-token',
      '--',
      'sh',
      '-c',
      'sleep 2 >&- 2>&- & echo $!; cat',
    ]);
    child.stdin?.end('kept input');
    const { end, out } = await endOf(child);
    const [pid, ...rest] = out.split('\n');
    expect({ end, rest }).to.deep.equal({ end: 0, rest: ['kept input'] });
    expect(existsSync(`/proc/${pid}/exe`)).to.equal(true);
    process.kill(Number(pid));
  });

  it('end ends what exec runs, by its token alone', async () => {
    const script = 'trap : TERM; setsid sleep 86 & echo $!; while :; do sleep 86; done';
    const child = launch(['exec', 'token-a', '--', 'sh', '-c', script]);
    const other = launch(['exec', 'token-b', '--', 'cat']);
    const [pid] = (await said(child)) as [Buffer];
    const ended = endOf(child);
    expect((await endOf(launch(['end', 'token-a']))).end).to.equal(0);
    expect((await ended).end).to.equal(137);
    await gone(Number(pid.toString()));
    expect((await endOf(launch(['end', 'token-a']))).end).to.equal(127);
    other.stdin?.end('on');
    expect(await endOf(other)).to.include({ end: 0, out: 'on' });
  });

  it('says how it is used', async () => {
    const { end, err } = await endOf(launch(['wait', gate]));
    expect(end).to.equal(125);
    expect(err).to.match(/^usage: launch wait FIFO/);
  });
});

/** Resolves when the process runs no more: a signal that was sent takes effect when the kernel next looks at its target. */
async function gone(pid: number): Promise<void> {
  const end = Date.now() + 2000;
  while (existsSync(`/proc/${pid}/exe`)) {
    if (Date.now() > end) throw new Error(`Process ${pid} still runs`);
    await sleep(5);
  }
}

/** Whether the process has become the launcher, and waits: it sleeps in open(2) of the gate. */
function opened(pid: number): boolean {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return stat.includes('(launch) S');
}
