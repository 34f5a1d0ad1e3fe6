import { REPORT } from './fixture.ts';
import type { Report } from '../../src/report/report.ts';
import { containerSection } from '../../src/report/html-containers.ts';
import { expect } from 'chai';

const record = {
  node: 'web',
  id: 'f'.repeat(64),
  state: 'exited',
  exitCode: 3,
  oomKilled: false,
  readyAfter: 120,
  files: ['files/web/a b.txt'],
} as const;
const image = {
  node: 'web',
  name: 'nginx:1',
  id: 'sha256:1',
  digest: null,
  origin: 'pulled',
} as const;

const withContainers = (changes: Partial<Report['manifest']>): Report => ({
  ...REPORT,
  manifest: { ...REPORT.manifest, ...changes },
});

describe('containerSection()', () => {
  it('shows image, state, exit code, files and log', () => {
    const html = containerSection(withContainers({ images: [image], containers: [record] }));
    for (const text of [
      'nginx:1 (pulled)',
      '<code>sha256:1</code>',
      'exited',
      '<span class="bad">3</span>',
      '120 ms',
      'href="./files/web/a%20b.txt"',
      'href="./logs/web.log"',
    ])
      expect(html).to.include(text);
  });

  it('shows an image whose container never was', () => {
    const html = containerSection(withContainers({ images: [image], containers: [] }));
    expect(html).to.include('nginx:1').and.not.include('logs/');
  });

  it('links into the folder of the control arm', () => {
    const control = { ...REPORT.manifest, images: [], containers: [record] };
    expect(containerSection(withContainers({ control }))).to.include('./control/logs/web.log');
  });

  it('is not there without containers', () => {
    expect(containerSection(REPORT)).to.equal('');
  });
});
