import { expect } from 'chai';
import { parseImageName } from '../../src/scenario/image-name.ts';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

describe('parseImageName()', () => {
  for (const [text, parts] of [
    ['nginx', { repository: 'nginx' }],
    ['nginx:1.27-alpine', { repository: 'nginx', tag: '1.27-alpine' }],
    ['localhost:5000/a/b:v1', { repository: 'localhost:5000/a/b', tag: 'v1' }],
    ['Registry.example/team/web', { repository: 'Registry.example/team/web' }],
    ['[fd00::1]:5000/web', { repository: '[fd00::1]:5000/web' }],
    ['a__b/c-d---e.f', { repository: 'a__b/c-d---e.f' }],
    [`web@sha512:${'0f'.repeat(64)}`, { repository: 'web', digest: `sha512:${'0f'.repeat(64)}` }],
    ['scratch/web', { repository: 'scratch/web' }],
    ['localhost:65535/web', { repository: 'localhost:65535/web' }],
    [`web:1@${DIGEST}`, { repository: 'web', tag: '1', digest: DIGEST }],
    [DIGEST, { repository: 'sha256', tag: DIGEST.slice(7) }],
  ] as const)
    it(`reads ${text}`, () => {
      expect(parseImageName(text)).to.deep.equal(parts);
    });

  for (const text of [
    ...['', 'Nginx', 'my image', './web', 'web:', 'web@sha256:short', 'a___b', '-web', 'web-'],
    ...['scratch', 'scratch:1', 'docker.io/library/scratch', 'localhost:65536/web'],
    ...[DIGEST.slice(7), `web@${DIGEST.toUpperCase()}`, `web@md5:${'0'.repeat(32)}`],
    ...[`web@${DIGEST}0`, `web@sha512:${DIGEST.slice(7)}`],
    ...['web/', '/web', 'a//b', `web:${'x'.repeat(129)}`, 'x'.repeat(256), 'web\n', 'wéb'],
  ])
    it(`refuses ${JSON.stringify(text.slice(0, 40))}`, () => {
      expect(parseImageName(text)).to.equal(undefined);
    });

  it('answers at once, however long the text', () => {
    expect(parseImageName(`${'a-'.repeat(50_000)}!`)).to.equal(undefined);
    expect(parseImageName(`${'a.'.repeat(50_000)}!`)).to.equal(undefined);
  }).timeout(2_000);
});
