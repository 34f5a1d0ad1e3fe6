import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allRegistryAuths, registryAuth } from '../../src/engine/registry-auth.ts';

describe('registryAuth()', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'registry-auth-'));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });
  const settings = (config: unknown): NodeJS.ProcessEnv => {
    writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
    return { DOCKER_CONFIG: folder, PATH: `${folder}:${process.env['PATH'] ?? ''}` };
  };
  const helper = (script: string): void => {
    writeFileSync(join(folder, 'docker-credential-test'), `#!/bin/sh\n${script}\n`, {
      mode: 0o755,
    });
  };

  it('reads what "docker login" wrote, whatever the password holds', async () => {
    const auth = Buffer.from('me:a:b').toString('base64');
    const environment = settings({ auths: { 'https://index.docker.io/v1/': { auth } } });
    expect(await registryAuth(environment, 'docker.io')).to.deep.equal({
      username: 'me',
      password: 'a:b',
      serveraddress: 'https://index.docker.io/v1/',
    });
    expect(await registryAuth(environment, 'ghcr.io')).to.equal(undefined);
  });

  it('asks the program that keeps credentials, and takes tokens', async () => {
    helper(`read server; echo '{"Username":"<token>","Secret":"'$1-$server'"}'`);
    const environment = settings({ credHelpers: { 'ghcr.io': 'test' } });
    const auth = { identitytoken: 'get-ghcr.io', serveraddress: 'ghcr.io' };
    expect(await registryAuth(environment, 'ghcr.io')).to.deep.equal(auth);
    expect(await allRegistryAuths(environment)).to.deep.equal({
      'ghcr.io': { username: '', password: '', ...auth },
    });
  });

  it('asks as anybody when that program fails, is not there or is none', async () => {
    helper('echo no such credentials; exit 1');
    for (const credsStore of ['test', 'absent', '../test'])
      expect(await registryAuth(settings({ credsStore }), 'ghcr.io')).to.equal(undefined);
    expect(await registryAuth({ DOCKER_CONFIG: '/nonexistent' }, 'ghcr.io')).to.equal(undefined);
  });
});
