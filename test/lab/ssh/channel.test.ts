import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { createServer, connect } from 'node:net';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { text } from 'node:stream/consumers';
import { connectSsh } from '../../../src/ssh/connect.ts';
import { admit, destination, enterHome, optionsTo, trust, withConnection } from './far.ts';
import { signalAll } from './signal-all.ts';
import { startSshd } from './sshd.ts';
import type { Sshd } from './sshd.ts';

const MEBIBYTE = 1024 * 1024;

describe('exec()', function () {
  this.timeout(60_000);
  let home: ReturnType<typeof enterHome>;
  let sshd: Sshd;

  before(async () => {
    home = enterHome();
    sshd = await startSshd();
    admit(home.folder, 'id', [sshd]);
    trust(home.folder, sshd.knownHost());
  });
  after(async () => {
    await sshd.stop();
    home.leave();
  });

  const options = () => optionsTo(home.folder, destination(sshd));

  it('keeps stdin, stdout and stderr apart and gives the exit code', () =>
    withConnection(options(), async (connection) => {
      const { stdin, stdout, stderr, ended } = await connection.exec('cat; echo fault >&2; exit 7');
      stdin.end('input');
      expect(await Promise.all([text(stdout), text(stderr)])).to.deep.equal(['input', 'fault\n']);
      expect(await ended).to.deep.equal({ code: 7, signal: null });
    }));

  it('gives the signal that ended a program', () =>
    withConnection(options(), async (connection) => {
      const { stdout, ended } = await connection.exec('kill -KILL $$');
      stdout.resume();
      expect(await ended).to.deep.equal({ code: null, signal: 'SIGKILL' });
    }));

  it('gives a program a terminal, and its new size', () =>
    withConnection(options(), async (connection) => {
      const channel = await connection.exec('stty size; read line; stty size', {
        term: 'xterm',
        columns: 100,
        rows: 30,
      });
      let output = '';
      channel.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        if (!output.includes('30 100') || output.includes('50 200')) return;
        channel.resize(200, 50);
        channel.stdin.write('\n');
      });
      await channel.ended;
      expect(output).to.match(/30 100[^]*50 200/);
    }));

  it('carries 200 MiB of bytes unchanged both ways', () =>
    withConnection(options(), async (connection) => {
      const { stdin, stdout, ended } = await connection.exec('cat');
      const chunk = Buffer.from(Array.from({ length: MEBIBYTE }, (_, index) => (index * 31) % 256));
      const [sent, received] = [createHash('sha256'), createHash('sha256')];
      const source = function* (): Generator<Buffer> {
        for (let count = 0; count < 200; count += 1) {
          sent.update(chunk);
          yield chunk;
        }
      };
      await Promise.all([pipeline(source(), stdin), pipeline(stdout, received)]);
      expect((await ended).code).to.equal(0);
      expect(received.digest('hex')).to.equal(sent.digest('hex'));
    }));

  it('holds a program back whose output is not read', () =>
    withConnection(options(), async (connection) => {
      const { stdout, stdin } = await connection.exec(`head -c ${400 * MEBIBYTE} /dev/zero`);
      stdin.end();
      const before = process.memoryUsage.rss();
      let most = 0;
      let total = 0;
      for await (const chunk of stdout as AsyncIterable<Buffer>) {
        total += chunk.length;
        most = Math.max(most, stdout.readableLength);
        // A reader that lets others go first at each piece.
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(total).to.equal(400 * MEBIBYTE);
      expect(most).to.be.at.most(4 * MEBIBYTE);
      expect(process.memoryUsage.rss() - before).to.be.below(200 * MEBIBYTE);
    }));

  it('settles when the connection is lost, and writers are not left waiting', async () => {
    const connection = await connectSsh(options());
    const { ended, stdin, stdout } = await connection.exec('exec sleep 1000');
    stdout.resume();
    signalAll(sshd.sessions(), 'SIGKILL');
    expect(await connection.closed).to.be.a('string');
    expect(await ended).to.deep.equal({ code: null, signal: null });
    const failure: unknown = await new Promise((resolve) => stdin.write('late', resolve));
    expect(failure).to.be.instanceOf(Error);
  });

  it('is refused on a connection that is gone', async () => {
    const connection = await connectSsh(options());
    connection.close();
    expect(await connection.closed).to.equal(null);
    const fault: unknown = await connection.exec('true').catch((error: unknown) => error);
    expect(fault).to.have.property('kind', 'machine');
  });

  it('notices a line that has gone dead', async () => {
    // Between the two ends: passes on until it is told to hold everything back.
    let isCut = false;
    const line = createServer((near) => {
      const far = connect(sshd.port, sshd.address);
      near.on('data', (data) => isCut || far.write(data)).on('close', () => far.destroy());
      far.on('data', (data) => isCut || near.write(data)).on('close', () => near.destroy());
      near.on('error', () => undefined);
      far.on('error', () => undefined);
    }).listen(0, '127.0.0.1');
    await once(line, 'listening');
    const address = line.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    mkdirSync(join(home.folder, '.ssh'), { recursive: true });
    writeFileSync(
      join(home.folder, '.ssh', 'config'),
      'ServerAliveInterval 1\nServerAliveCountMax 2\nHostKeyAlias line\n',
    );
    trust(home.folder, sshd.knownHost().replace(/^\S+/, 'line'), 'line_hosts');
    const connection = await connectSsh(
      optionsTo(home.folder, destination(sshd, { port, knownHosts: ['line_hosts'] })),
    );
    const channel = await connection.exec('exec sleep 1000');
    channel.stdout.resume();
    // Keepalives are answered: it stays for longer than the time after which silence is death.
    const early = await Promise.race([
      connection.closed,
      new Promise((resolve) => setTimeout(resolve, 3000, 'alive')),
    ]);
    expect(early).to.equal('alive');
    isCut = true;
    expect(await connection.closed).to.equal('nothing came for 2 s');
    await channel.ended;
    line.close();
  });
});
