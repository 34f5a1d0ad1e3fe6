import { expect } from 'chai';
import { readBundle } from '../../../src/lab/far/bundle.ts';
import { collect } from '../../../src/lab/far/collect.ts';
import { FAR_RUNNER } from '../../../src/lab/far/far-machine.ts';
import { connectSsh } from '../../../src/ssh/connect.ts';
import type { SshConnection } from '../../../src/ssh/ssh.ts';
import { waitFor } from '../lab/labs.ts';
import { signalAll } from '../ssh/signal-all.ts';
import { CACHE, type FarBench, createBench, faultOf } from './far-bench.ts';

/** A home's cache on a file system of its own. */
const mounted = (options: string): string =>
  `mkdir -p ${CACHE}; mount -t tmpfs -o uid=7001,${options} tmpfs ${CACHE}; chown -R edge /home/edge/.cache || true`;

describe('installBundle()', function () {
  this.timeout(60_000);
  const bench: FarBench = createBench();
  before(function () {
    if (process.getuid?.() !== 0) this.skip();
  });
  afterEach(() => bench.clear());

  it('says that no program runs from a home that is mounted noexec, and leaves nothing', async () => {
    const host = await bench.begin({ setup: mounted('noexec') });
    const fault = await faultOf(
      bench.open(host),
      'machine',
      /netscenario", and no program.*noexec/,
    );
    expect(fault.help).to.contain('XDG_CACHE_HOME');
    expect(host.run(`ls -A ${CACHE}`)).to.equal('');
  });

  it('says that no file can be put into a home that is mounted read-only', async () => {
    const host = await bench.begin({ setup: mounted('ro') });
    await faultOf(bench.open(host), 'machine', /no file can be put there.*Read-only file system/);
  });

  it('brings itself anew when the Node.js that it was tried out with has changed', async () => {
    const host = await bench.begin({
      setup:
        'cp "$(readlink -f "$(command -v node)")" /home/node; mount --bind /home/node "$(readlink -f "$(command -v node)")"',
    });
    const told: string[] = [];
    const options = { onProgress: (text: string) => told.push(text), bundle: await readBundle() };
    await bench.open(host, options);
    await bench.open(host, options);
    expect(told).to.have.length(1);
    host.run('touch -d "1 hour ago" /home/node');
    const machine = await bench.open(host, options);
    expect(told, told.join('; ')).to.have.length(2);
    const said = await collect(await machine.run([FAR_RUNNER, '--version']), 10_000, 'runner');
    expect(said.code).to.equal(0);
    await bench.open(host, options);
    expect(told).to.have.length(2);
  });

  it('removes bundles that nobody has started for a month, none that runs or is young', async () => {
    const host = await bench.begin();
    const make = (name: string, days: number): string =>
      `mkdir -p ${CACHE}/${name} && touch ${CACHE}/${name}/run && touch -d '${days} days ago' ${CACHE}/${name}`;
    const bundles: [string, number][] = [
      ...[1, 2, 3].map((at): [string, number] => [`0.0.${at}-new`, at]),
      ...([
        ['0.0.4-unused', 5],
        ['0.0.5-old', 40],
        ['0.0.6-runs', 50],
      ] satisfies [string, number][]),
      ['0.0.7-x.part-1', 3],
    ];
    host.run(
      `${bundles.map(([name, days]) => make(name, days)).join(' && ')}; chown -R edge /home/edge/.cache; ` +
        `sh -c 'while :; do sleep 1; done' ${CACHE}/0.0.6-runs/run >/dev/null 2>&1 &`,
    );
    await bench.open(host);
    const left = host.run(`ls ${CACHE}`).trim().split('\n');
    expect(left.filter((name) => name.startsWith('0.0.'))).to.deep.equal(
      bundles.map(([name]) => name).filter((name) => !/old|part/.test(name)),
    );
  });

  it('marks a bundle as used whenever something of it is started', async () => {
    const host = await bench.begin();
    const machine = await bench.open(host);
    host.run(`touch -d '20 days ago' ${CACHE}/*-*`);
    await collect(await machine.run([FAR_RUNNER, '--version']), 10_000, 'runner');
    expect(host.run(`find ${CACHE} -maxdepth 1 -name '*-*' -mtime -1`).trim()).not.to.equal('');
  });

  it('stops pushing when the signal aborts, and discards what it has begun', async () => {
    const host = await bench.begin();
    const stopping = new AbortController();
    const reason = new Error('interrupted');
    // The network stands still in the middle of the push.
    const connect = async (options: Parameters<typeof connectSsh>[0]): Promise<SshConnection> => {
      const connection = await connectSsh(options);
      return {
        ...connection,
        push: async (folder, files, signal) => {
          await connection.push(folder, files.slice(0, 3), signal);
          setImmediate(() => stopping.abort(reason));
          return new Promise(() => undefined);
        },
      };
    };
    const outcome = await bench
      .open(host, { connect, signal: stopping.signal })
      .catch((error: unknown) => error);
    expect(outcome).to.equal(reason);
    expect(host.run(`ls -A ${CACHE}`)).to.equal('');
    await waitFor('no session', () => host.find('sftp').length === 0);
  });

  it('stays open when the signal aborts after that', async () => {
    const host = await bench.begin();
    const stopping = new AbortController();
    const machine = await bench.open(host, { signal: stopping.signal });
    stopping.abort();
    const listener = host.find('[listener]');
    const said = await collect(await machine.run(['echo', 'yes']), 10_000, 'echo');
    expect(said.stdout).to.equal('yes\n');
    signalAll(
      host.sshds().filter((pid) => !listener.includes(pid)),
      'SIGKILL',
    );
    const again = await collect(await machine.run(['echo', 'yes']), 10_000, 'echo');
    expect(again.stdout).to.equal('yes\n');
  });
});
