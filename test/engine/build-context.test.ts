import { expect } from 'chai';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BuildOrder } from '../../src/engine/engine.ts';
import { ignoreFilter, packContext } from '../../src/engine/build-context.ts';

describe('ignoreFilter()', () => {
  const filter = ignoreFilter(
    '# comment\nsecret*\n*.log\nout\n!out/keep\nDockerfile\n',
    'Dockerfile',
  );

  it('leaves out what .dockerignore names, but what a later line brings back', () => {
    expect(filter('a', false)).to.equal('yes');
    expect(filter('secret.txt', false)).not.to.equal('yes');
    expect(filter('sub/secret.txt', false)).to.equal('yes');
    expect(filter('out', true)).to.equal('no');
    expect(filter('out/keep', false)).to.equal('yes');
    expect(filter('out/other', false)).not.to.equal('yes');
  });

  it('always sends the files that the engine itself reads', () => {
    expect(filter('Dockerfile', false)).to.equal('yes');
    expect(ignoreFilter('*', 'd/Dockerfile')('d', true)).to.equal('no');
    expect(ignoreFilter('*', 'd/Dockerfile')('d/Dockerfile', false)).to.equal('yes');
    expect(ignoreFilter('*', 'Dockerfile')('node_modules', true)).to.equal(
      'not even what is in it',
    );
  });
});

describe('packContext()', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'build-context-'));
    mkdirSync(join(folder, 'in'));
    writeFileSync(join(folder, 'outside'), 'FROM scratch\n');
    symlinkSync('../outside', join(folder, 'in/link'));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  for (const [dockerfile, context, message] of [
    ['../outside', 'in', 'is outside its context'],
    ['link', 'in', 'is outside its context'],
    ['absent', 'in', 'There is no Dockerfile "absent"'],
    ['Dockerfile', 'absent', 'is not there'],
    ['Dockerfile', 'outside', 'is not a folder'],
  ] as const)
    it(`refuses ${dockerfile} in ${context}`, async () => {
      const order: BuildOrder = {
        context: join(folder, context),
        dockerfile,
        args: {},
        target: null,
        network: 'default',
        tag: 'unused',
      };
      const error = await packContext(order).then(
        () => undefined,
        (fault: unknown) => fault,
      );
      expect(String(error)).to.contain(message);
    });
});
