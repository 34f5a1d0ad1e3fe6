import { expect } from 'chai';
import { parseImageName, repositoryOf } from '../../src/engine/image-name.ts';

describe('parseImageName()', () => {
  for (const [name, registry, repository, tag, digest] of [
    ['nginx', 'docker.io', 'nginx', 'latest', ''],
    ['nginx:1.27', 'docker.io', 'nginx', '1.27', ''],
    ['me/app', 'docker.io', 'me/app', 'latest', ''],
    ['ghcr.io/me/app:2', 'ghcr.io', 'ghcr.io/me/app', '2', ''],
    ['localhost:5000/app', 'localhost:5000', 'localhost:5000/app', 'latest', ''],
    ['app:1@sha256:00', 'docker.io', 'app', '', 'sha256:00'],
  ] as const)
    it(`reads ${name}`, () => {
      expect(parseImageName(name)).to.deep.equal({ registry, repository, tag, digest });
    });
});

describe('repositoryOf()', () => {
  it('writes two spellings of one repository alike', () => {
    expect(repositoryOf('nginx:1')).to.equal(repositoryOf('docker.io/library/nginx@sha256:00'));
    expect(repositoryOf('ghcr.io/a/b:1')).to.equal('ghcr.io/a/b');
  });
});
