// `runner relay` as a person starts it, on a machine of its own, and with connections that the machine's firewall diverts to it.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Running, startRunner } from '../../acceptance/support/runner.ts';
import {
  ADDRESSES,
  type MachineName,
  type TwoMachines,
  createTwoMachines,
} from '../../alone/two-machines.ts';

/** Answers each connection with where it came in. */
const SERVER = `
  const server = require('net').createServer((socket) => socket.end('port ' + socket.localPort));
  server.listen(Number(process.argv[1]), () => console.log('listens'));`;
/** Prints what it is answered. */
const CLIENT = `
  const socket = require('net').connect(Number(process.argv[2]), process.argv[1]);
  socket.on('data', (bytes) => process.stdout.write(bytes)).on('error', ({ code }) => console.log(code));`;

describe('runner relay', function () {
  this.timeout(120_000);
  let folder = '';
  let machines: TwoMachines;
  let running: Running | undefined;
  const children: ChildProcess[] = [];
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'relay-'));
    machines = await createTwoMachines();
    for (const port of ['80', '81']) await serve(port);
    configure(`
      table inet divert {
        chain to-relay {
          type nat hook prerouting priority dstnat
          iifname eth0 tcp dport 81 redirect to :6633
        }
        chain to-transparent {
          type filter hook prerouting priority mangle
          iifname eth0 meta nfproto ipv4 tcp dport 80 tproxy ip to :6634 meta mark set 1 accept
          iifname eth0 meta nfproto ipv6 tcp dport 80 tproxy ip6 to :6634 meta mark set 1 accept
        }
      }`);
    for (const [family, all] of [
      ['-4', '0.0.0.0/0'],
      ['-6', '::/0'],
    ] as const) {
      onServer('ip', family, 'rule', 'add', 'fwmark', '1', 'lookup', '100');
      onServer('ip', family, 'route', 'add', 'local', all, 'dev', 'lo', 'table', '100');
    }
  });
  afterEach(async () => {
    running?.process.kill('SIGTERM');
    await running?.ended;
    running = undefined;
  });
  after(async () => {
    for (const child of children) {
      child.kill();
      await once(child, 'close');
    }
    await machines.close();
    rmSync(folder, { recursive: true });
  });

  const on = (machine: MachineName, ...argv: string[]): string[] => [
    ...machines.through(machine),
    ...argv,
  ];
  const onServer = (...argv: string[]): void => {
    const [program = '', ...rest] = on('server', ...argv);
    execFileSync(program, rest);
  };
  const configure = (rules: string): void => {
    const [program = '', ...rest] = on('server', 'nft', '-f', '-');
    execFileSync(program, rest, { input: rules });
  };
  const serve = async (port: string): Promise<void> => {
    const [program = '', ...rest] = on('server', process.execPath, '-e', SERVER, port);
    const child = spawn(program, rest);
    children.push(child);
    await once(child.stdout, 'data');
  };
  const ask = (address: string, port: number): string => {
    const [program = '', ...rest] = on(
      'client',
      process.execPath,
      '-e',
      CLIENT,
      address,
      `${port}`,
    );
    return execFileSync(program, rest).toString();
  };
  const relay = async (...words: string[]): Promise<Running> => {
    const started = startRunner(['relay', ...words], { through: machines.through('server') });
    running = started;
    let seen = '';
    const heard = new Promise<void>((resolve) =>
      started.process.stderr?.on('data', (text: string) => {
        seen += text;
        if (seen.includes('listens on')) resolve();
      }),
    );
    const over = started.ended.then(({ stderr }) => {
      throw new Error(`Ended before it listened: ${stderr}`);
    });
    await Promise.race([heard, over]);
    return started;
  };

  it('relays from port 6633 to where it is told, and counts until Ctrl-C', async () => {
    const { process: child, ended } = await relay('--target', 'localhost:81', '--json');
    expect(ask(ADDRESSES.server.v4, 6633)).to.equal('port 81');
    expect(ask(ADDRESSES.server.v6, 6633)).to.equal('port 81');
    child.kill('SIGINT');
    const { code, stdout, stderr } = await ended;
    expect(code).to.equal(130);
    expect(stderr).to.include('listens on tcp://0.0.0.0:6633 and tcp://[::]:6633');
    expect(stderr).to.include('session 2: finished, 0 B from the client, 7 B from the server');
    const { statistics } = JSON.parse(stdout) as { statistics: { sessions: object } };
    expect(statistics.sessions).to.deep.equal({ open: 0, accepted: 2, refused: 0, failed: 0 });
  });

  for (const family of ['v4', 'v6'] as const) {
    it(`finds where a client wanted to go that REDIRECT diverted, over IP${family}`, async () => {
      const { process: child, ended } = await relay('--target', 'original');
      expect(ask(ADDRESSES.server[family], 81)).to.equal('port 81');
      child.kill('SIGINT');
      expect((await ended).stderr).to.match(/session 1: from .* to tcp:\/\/\S+:81\n/);
    });

    it(`takes what TPROXY diverts, over IP${family}`, async () => {
      const words = ['--listen', ':6634', '--target', 'original', '--transparent'];
      const { process: child, ended } = await relay(...words);
      expect(ask(ADDRESSES.server[family], 80)).to.equal('port 80');
      child.kill('SIGINT');
      expect((await ended).stderr).to.match(/session 1: from .* to tcp:\/\/\S+:80\n/);
    });
  }

  for (const words of [[], ['--transparent']])
    it(`refuses a client that nothing diverted${words.length > 0 ? ', transparent' : ''}`, async () => {
      await relay('--target', 'original', ...words);
      expect(ask(ADDRESSES.server.v4, 6633)).to.equal('ECONNRESET\n');
    });

  it('appends edits to the file it is given, and says where it cannot', async () => {
    const file = join(folder, 'audit.ndjson');
    const { process: child, ended } = await relay('--audit', file);
    child.kill('SIGINT');
    expect((await ended).code).to.equal(130);
    expect(readFileSync(file, 'utf8')).to.equal('');
    const words = ['relay', '--audit', join(folder, 'no', 'file')];
    const lost = await startRunner(words, { through: machines.through('server') }).ended;
    expect(lost).to.include({ code: 3 });
    expect(lost.stderr).to.include('The audit file cannot be opened');
  });

  it('says where it cannot listen', async () => {
    const words = ['relay', '--listen', ':80'];
    const { code, stderr } = await startRunner(words, { through: machines.through('server') })
      .ended;
    expect(code).to.equal(3);
    expect(stderr).to.include('tcp://*:80 is taken');
  });
});
