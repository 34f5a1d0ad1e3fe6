import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { BUSYBOX, importBusybox, labContainers, needEngine } from './support/engine.ts';
import { apply, scratch } from './support/runner.ts';

const CONTAINERS = 100;
/** How many start a program of their own image; the others are probed from. */
const PROGRAMS = 20;

function scenario(): string {
  const clients = Array.from({ length: CONTAINERS - 1 }, (_, index) => `c${index + 1}`);
  const image = { image: BUSYBOX, pull: 'never' };
  const idle = { ...image, command: ['sleep', '3600'] };
  const server = { ...image, command: ['httpd', '-f', '-p', '80', '-h', '/etc'] };
  const page = 'http://server/hosts';
  const flows = clients.map((name, index) => ({
    name: `flow-${name}`,
    from: name,
    ...(index < PROGRAMS
      ? { run: ['wget', '-q', '-O', '-', page] }
      : { to: 'server', probe: { http: { path: '/hosts', status: 200 } } }),
  }));
  return JSON.stringify({
    version: 1,
    name: 'hundred',
    containers: { server, ...Object.fromEntries(clients.map((name) => [name, idle])) },
    networks: { lan: { subnet: '10.0.0.0/16', members: ['server', ...clients] } },
    traffic: flows,
    captures: ['server'],
    expect: flows.map(({ name }) => ({ flow: name, failure: null })),
  });
}

describe('a hundred containers', function () {
  this.timeout(200_000);
  const folder = scratch('containers-hundred');
  before(function () {
    needEngine(this);
    importBusybox();
  });
  after(() => folder.remove());

  it('come up, talk and go', async () => {
    const file = join(folder.path, 'hundred.yaml');
    writeFileSync(file, scenario());
    const report = await apply(file, { out: folder.path, timeout: 190_000 });
    expect(report.status).to.equal('passed');
    expect(report.expectations).to.have.lengthOf(CONTAINERS - 1);
    expect(labContainers()).to.deep.equal([]);
  });
});
