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
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PushedFile } from '../../../src/ssh/ssh.ts';
import { admit, destination, enterHome, optionsTo, refusal, trust, withConnection } from './far.ts';
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
        for (const pid of sshd.sessions()) process.kill(pid, 'SIGKILL');
        return pushing;
      }),
    );
    expect(fault.message).to.include('machine "edge"');
  });
});
