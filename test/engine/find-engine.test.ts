import { expect } from 'chai';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type Server, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '../../src/base/hash.ts';
import { findEngine, usualPlaces } from '../../src/engine/find-engine.ts';

describe('findEngine()', () => {
  let folder = '';
  let server: Server;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'find-engine-'));
    mkdirSync(join(folder, 'run'));
    server = createServer().listen(join(folder, 'run/docker.sock'));
    await once(server, 'listening');
  });
  after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  const find = async (environment: NodeJS.ProcessEnv): Promise<string> => {
    const found = await findEngine({ DOCKER_CONFIG: folder, ...environment }, false);
    return found.ok ? `${found.value.source}: ${found.value.socketPath}` : found.error.message;
  };

  it('takes DOCKER_HOST before all else', async () => {
    const host = `unix://${folder}/run/docker.sock`;
    expect(await find({ DOCKER_HOST: host, DOCKER_CONTEXT: 'absent' })).to.equal(
      `DOCKER_HOST: ${folder}/run/docker.sock`,
    );
  });

  for (const host of ['tcp://127.0.0.1:2375', 'ssh://me@there', 'garbage', 'unix://'])
    it(`refuses ${host}, whose containers could not be entered`, async () => {
      expect(await find({ DOCKER_HOST: host })).to.match(
        /^DOCKER_HOST names the engine .* expected/,
      );
    });

  it('says whether a socket is not there or nobody listens', async () => {
    writeFileSync(join(folder, 'stale.sock'), '');
    expect(await find({ DOCKER_HOST: `unix://${folder}/stale.sock` })).to.contain('nobody listens');
    expect(await find({ DOCKER_HOST: `unix://${folder}/none.sock` })).to.contain('is not there');
  });

  it('follows the current Docker context', async () => {
    const meta = join(folder, 'contexts/meta', sha256('mine'));
    mkdirSync(meta, { recursive: true });
    const Host = `unix://${folder}/run/docker.sock`;
    writeFileSync(join(meta, 'meta.json'), JSON.stringify({ Endpoints: { docker: { Host } } }));
    expect(await find({ DOCKER_CONTEXT: 'mine' })).to.contain('Docker context "mine"');
    expect(await find({ DOCKER_CONTEXT: 'absent' })).to.contain('Docker context "absent"');
    writeFileSync(join(folder, 'config.json'), JSON.stringify({ currentContext: 'mine' }));
    expect(await find({})).to.contain('Docker context "mine"');
    rmSync(join(folder, 'config.json'));
  });
});

describe('usualPlaces()', () => {
  it("prefers the system's engines for root, and Docker to Podman", () => {
    const environment = { XDG_RUNTIME_DIR: '/run/user/7' };
    expect(usualPlaces(environment, true).slice(2)).to.deep.equal([
      '/run/podman/podman.sock',
      '/run/user/7/docker.sock',
      '/run/user/7/podman/podman.sock',
    ]);
    expect(usualPlaces(environment, false)[2]).to.equal('/run/user/7/docker.sock');
  });
});
