import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { networkInterfaces, tmpdir } from 'node:os';
import { checkMachine } from '../../../src/lab/doctor.ts';
import { checkPlace } from '../../../src/lab/doctor/machine.ts';

describe('checkMachine()', function () {
  this.timeout(60_000);

  it('finds all that a lab always needs on a machine that runs labs, and changes nothing', async () => {
    const before = Object.keys(networkInterfaces());
    const checks = await checkMachine({ name: 'results folder', folder: tmpdir() });
    expect(checks.filter(({ ok, needed }) => needed === 'always' && !ok)).to.deep.equal([]);
    expect(checks.map(({ name }) => name)).to.include.members([
      'netem',
      'NFQUEUE',
      'native module',
      'libpcap',
      'program nft',
      'disk space',
      'memory',
    ]);
    expect(Object.keys(networkInterfaces())).to.deep.equal(before);
  });

  it('says what mends each thing that is missing', async () => {
    const missing = (await checkMachine({ name: 'results folder', folder: tmpdir() })).filter(
      ({ ok }) => !ok,
    );
    expect(missing.filter(({ help }) => help === undefined)).to.deep.equal([]);
  });
});

describe('checkPlace()', function () {
  this.timeout(30_000);
  it('looks at the nearest folder that is there', () => {
    const [writable, space] = checkPlace({
      name: 'results folder',
      folder: `${tmpdir()}/absent/results`,
    });
    expect(writable).to.include({ ok: true, found: `${tmpdir()} can be written` });
    expect(space).to.include({ name: 'disk space', ok: true });
  });

  it('says so where the file system is read-only', () => {
    const script = `import('${new URL('../../../src/lab/doctor/machine.ts', import.meta.url).href}')
      .then(({ checkPlace }) => console.log(JSON.stringify(checkPlace({ name: 'results folder', folder: '/mnt/results' })[0])))`;
    const user = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
    const node = [process.execPath, '--import', 'ts-blank-space/register', '-e', script];
    const mount = 'mount -t tmpfs -o ro tmpfs /mnt && exec "$@"';
    const output = execFileSync(
      'unshare',
      [...user, '--mount', '--', 'sh', '-c', mount, 'sh', ...node],
      { encoding: 'utf8' },
    );
    expect(JSON.parse(output)).to.include({
      ok: false,
      found: '/mnt cannot be written (EROFS)',
      help: '"/mnt" is read-only: choose another folder with --out',
    });
  });
});
