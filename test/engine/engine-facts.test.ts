import { expect } from 'chai';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openClient } from '../../src/engine/client.ts';
import { describeEngine } from '../../src/engine/engine-facts.ts';

describe('describeEngine()', () => {
  let folder = '';
  let server: Server;
  let version: unknown;
  let info: unknown;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'engine-facts-'));
    server = createServer((request, response) => {
      response.end(JSON.stringify(request.url === '/version' ? version : info));
    }).listen(join(folder, 'engine.sock'));
    await once(server, 'listening');
  });
  after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  it("knows Podman behind Docker's API, and a rootless engine", async () => {
    version = {
      Version: '4.3.1',
      ApiVersion: '1.41',
      Components: [{ Name: 'Podman Engine', Version: '4.3.1' }],
    };
    info = { SecurityOptions: ['name=seccomp', 'name=rootless'], CpuCfsQuota: false };
    const engine = await describeEngine(openClient(join(folder, 'engine.sock')));
    expect(engine).to.deep.include({ kind: 'podman', version: '4.3.1', rootless: true });
    expect(engine.limits).to.deep.equal({ memory: true, cpus: false, pids: true });
  });

  it('refuses an engine that is too old', async () => {
    version = { Version: '18.03', ApiVersion: '1.37' };
    info = {};
    const error = await describeEngine(openClient(join(folder, 'engine.sock'))).then(
      () => undefined,
      (fault: unknown) => fault,
    );
    expect(String(error)).to.contain('docker 18.03 with API 1.37, expected API 1.40 or newer');
  });
});
