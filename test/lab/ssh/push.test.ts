import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { resolveHop } from '../../../src/ssh/hop.ts';
import { pushFiles } from '../../../src/ssh/push.ts';
import type { PushedFile } from '../../../src/ssh/ssh.ts';
import { admit, destination, enterHome, optionsTo, refusal, trust, withConnection } from './far.ts';
import { signalAll } from './signal-all.ts';
import { startSshd } from './sshd.ts';
import type { Sshd } from './sshd.ts';

describe('push()', function () {
  this.timeout(60_000);
  let home: ReturnType<typeof enterHome>;
  let sshd: Sshd;
  let target: string;

  before(async () => {
    home = enterHome();
    sshd = await startSshd();
    admit(home.folder, 'id', [sshd]);
    trust(home.folder, sshd.knownHost());
  });
  beforeEach(() => {
    target = mkdtempSync(join(tmpdir(), 'pushed-'));
  });
  afterEach(() => rmSync(target, { recursive: true, force: true }));
  after(async () => {
    await sshd.stop();
    home.leave();
  });

  const push = (folder: string, files: readonly PushedFile[], to = sshd): Promise<void> =>
    withConnection(optionsTo(home.folder, destination(to)), (connection) =>
      connection.push(folder, files),
    );

  const newFile = (name: string, content: string | Buffer): string => {
    const path = join(home.folder, name);
    writeFileSync(path, content);
    return path;
  };

  it('puts many files into folders that it makes, with their modes', async () => {
    const files = Array.from({ length: 200 }, (_, index) => ({
      from: newFile(`file-${index}`, `content ${index}`),
      to: `deep/${index % 7}/er/file-${index}`,
      mode: index % 2 === 0 ? 0o600 : 0o777,
    }));
    const folder = join(target, 'not', 'yet');
    await push(folder, files);
    for (const { from, to, mode } of files) {
      expect(readFileSync(join(folder, to), 'utf8')).to.equal(readFileSync(from, 'utf8'));
      expect(statSync(join(folder, to)).mode & 0o777).to.equal(mode);
    }
  });

  it('makes folders that only their owner may enter, whatever the umask there', async () => {
    const from = newFile('for-owner', 'x');
    const folder = join(target, 'cache', 'bundle');
    const open = await startSshd({ config: ['Subsystem sftp internal-sftp -u 000'] });
    try {
      admit(home.folder, 'open', [open]);
      trust(home.folder, open.knownHost());
      await withConnection(
        optionsTo(home.folder, destination(open, { identities: ['open'] })),
        (connection) => connection.push(folder, [{ from, to: 'deep/er/a', mode: 0o644 }]),
      );
    } finally {
      trust(home.folder, sshd.knownHost());
      await open.stop();
    }
    for (const path of ['cache', 'cache/bundle', 'cache/bundle/deep', 'cache/bundle/deep/er'])
      expect((statSync(join(target, path)).mode & 0o777).toString(8), path).to.equal('700');
  });

  it('puts a big and an empty file, and writes over old ones', async () => {
    const big = Buffer.alloc(20_000_001, 'netscenario');
    writeFileSync(join(target, 'empty'), 'an older file');
    await push(target, [
      { from: newFile('big', big), to: 'big', mode: 0o644 },
      { from: newFile('empty', ''), to: 'empty', mode: 0o644 },
    ]);
    expect(readFileSync(join(target, 'big')).equals(big)).to.equal(true);
    expect(readFileSync(join(target, 'empty'), 'utf8')).to.equal('');
  });

  it('tells how full a disk is, and takes away what it could not finish', async function () {
    if (process.getuid?.() !== 0) this.skip();
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', target]);
    try {
      const big = {
        from: newFile('too-big', Buffer.alloc(3_000_000, 1)),
        to: 'bin/big',
        mode: 0o755,
      };
      const fault = await refusal(push(join(target, 'cache'), [big]));
      expect(fault.message).to.include(
        `Cannot copy files to "${join(target, 'cache')}" on machine "edge"`,
      );
      expect(fault.message).to.include(
        `no space left, the file system at "${target}" is 100% full`,
      );
      expect(readdirSync(target)).to.deep.equal([]);
    } finally {
      execFileSync('umount', [target]);
    }
  });

  it('tells that a file system is read-only, though SFTP does not', async function () {
    if (process.getuid?.() !== 0) this.skip();
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m,ro', 'tmpfs', target]);
    try {
      const folder = join(target, 'cache');
      const file = { from: newFile('c', 'c'), to: 'c', mode: 0o600 };
      const fault = await refusal(push(folder, [file]));
      expect(fault.message).to.include(`the file system is mounted read-only, at "${target}"`);
      expect(fault.help).to.include('XDG_CACHE_HOME');
    } finally {
      execFileSync('umount', [target]);
    }
  });

  it('tells that there are no inodes left', async function () {
    if (process.getuid?.() !== 0) this.skip();
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m,nr_inodes=2', 'tmpfs', target]);
    try {
      const files = ['d', 'e', 'f'].map((to) => ({ from: newFile(to, to), to, mode: 0o600 }));
      const fault = await refusal(push(target, files));
      expect(fault.message).to.include('no inodes');
    } finally {
      execFileSync('umount', [target]);
    }
  });

  it('tells where it may not write', async function () {
    if (process.getuid?.() !== 0) this.skip();
    const other = await startSshd({ config: ['ForceCommand internal-sftp -R'] });
    try {
      admit(home.folder, 'other', [other]);
      trust(home.folder, sshd.knownHost() + other.knownHost());
      const to = destination(other, { identities: ['other'] });
      const fault = await refusal(
        withConnection(optionsTo(home.folder, to), (connection) =>
          connection.push(join(target, 'x'), [{ from: newFile('a', 'a'), to: 'a', mode: 0o600 }]),
        ),
      );
      expect(fault.message).to.match(/"edge" \(.*\): permission denied$/);
    } finally {
      await other.stop();
    }
  });

  it('tells of a file where a folder should be', async () => {
    writeFileSync(join(target, 'taken'), '');
    const fault = await refusal(
      push(join(target, 'taken'), [{ from: newFile('b', 'b'), to: 'b', mode: 0o600 }]),
    );
    expect(fault.message).to.include(join(target, 'taken'));
    expect(existsSync(join(target, 'taken'))).to.equal(true);
  });

  it('tells that there is no SFTP', async () => {
    const bare = await startSshd({ config: ['Subsystem sftp /bin/false'] });
    try {
      admit(home.folder, 'bare', [bare]);
      trust(home.folder, bare.knownHost());
      const to = destination(bare, { identities: ['bare'] });
      mkdirSync(join(target, 'd'));
      const fault = await refusal(
        withConnection(optionsTo(home.folder, to), (connection) => connection.push(target, [])),
      );
      expect(fault.help).to.include('Subsystem sftp');
    } finally {
      trust(home.folder, sshd.knownHost());
      await bare.stop();
    }
  });

  it('fails when the connection is lost midway', async () => {
    const big = newFile('endless', Buffer.alloc(100_000_000));
    const fault = await refusal(
      withConnection(optionsTo(home.folder, destination(sshd)), (connection) => {
        const pushing = connection.push(target, [{ from: big, to: 'big', mode: 0o600 }]);
        signalAll(sshd.sessions(), 'SIGKILL');
        return pushing;
      }),
    );
    expect(fault.message).to.include('machine "edge"');
  });

  it('ends at once when it is told to', async () => {
    const big = newFile('very-big', Buffer.alloc(100_000_000));
    const signal = AbortSignal.timeout(60);
    await withConnection(optionsTo(home.folder, destination(sshd)), async (connection) => {
      const begun = performance.now();
      const why: unknown = await connection
        .push(target, [{ from: big, to: 'big', mode: 0o600 }], signal)
        .catch((error: unknown) => error);
      expect(why).to.equal(signal.reason);
      expect(performance.now() - begun).to.be.lessThan(1000);
      // The connection is as good as before.
      const small = newFile('small', 'small');
      await connection.push(target, [{ from: small, to: 'small', mode: 0o600 }]);
      expect(readFileSync(join(target, 'small'), 'utf8')).to.equal('small');
    });
    const aborted = AbortSignal.abort(new Error('Enough'));
    const why: unknown = await withConnection(
      optionsTo(home.folder, destination(sshd)),
      (connection) => connection.push(target, [], aborted),
    ).catch((error: unknown) => error);
    expect(why).to.equal(aborted.reason);
  });

  it('fails when nothing gets on', async () => {
    // It takes requests and answers none but the first, that of its version.
    const deaf = join(target, 'deaf');
    const version = '\\000\\000\\000\\005\\002\\000\\000\\000\\003';
    writeFileSync(deaf, `#!/bin/sh\nprintf '${version}'\nexec sleep 60\n`, { mode: 0o755 });
    const stuck = await startSshd({ config: [`Subsystem sftp ${deaf}`] });
    const client = new ssh2.Client();
    try {
      admit(home.folder, 'stuck', [stuck]);
      await new Promise<void>((resolve, reject) => {
        client.once('ready', resolve).once('error', reject);
        const privateKey = readFileSync(join(home.folder, 'stuck'));
        const { address: host, port } = stuck;
        client.connect({ host, port, username: userInfo().username, privateKey });
      });
      const exec = (): Promise<never> => Promise.reject(new Error('It is not asked'));
      const lost = new Promise<string>(() => undefined);
      const where = { machine: 'edge', hop: hopTo(stuck), isJump: false };
      const context = { client, lost, exec, where };
      const file = { from: newFile('g', 'g'), to: 'g', mode: 0o600 };
      const fault = await refusal(pushFiles(context, target, [file], { stall: 200 }));
      expect(fault.message).to.include('nothing was written for 0.2 s');
    } finally {
      client.end();
      await stuck.stop();
    }
  });
});

const hopTo = ({ address, port }: Sshd): ReturnType<typeof resolveHop> => {
  const environment = { home: '/', user: userInfo().username, hostname: 'here', variables: {} };
  return resolveHop(
    { host: address, port, user: null },
    { identities: [], knownHosts: [], replace: true },
    { folder: '/', files: [], readInclude: () => [], environment },
  );
};
