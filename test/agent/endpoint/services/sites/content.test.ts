import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { openContent } from '../../../../../src/agent/endpoint/services/sites/content.ts';
import { sha256 } from '../../../../../src/base/hash.ts';
import type { FolderSite, WebRecording } from '../../../../../src/model/web.ts';

const HAR = JSON.stringify({
  log: {
    entries: [
      {
        request: { method: 'GET', url: 'https://shop.example/' },
        response: { status: 200, headers: [] },
      },
    ],
  },
});
const SITE: FolderSite = {
  host: 'news.example',
  folder: 'news',
  files: [
    { path: 'css/main.css', bytes: 3, sha256: sha256('a{}') },
    { path: 'index.html', bytes: 4, sha256: sha256('page') },
  ],
};
const RECORDING: WebRecording = { file: 'shop.har', sha256: sha256(HAR), hosts: ['shop.example'] };

describe('openContent()', () => {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'content-'));
    mkdirSync(join(root, 'news/css'), { recursive: true });
    writeFileSync(join(root, 'news/index.html'), 'page');
    writeFileSync(join(root, 'news/css/main.css'), 'a{}');
    writeFileSync(join(root, 'secret'), 'page');
    writeFileSync(join(root, 'shop.har'), HAR);
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const messageOf = async (change: () => void): Promise<string> => {
    change();
    return openContent({ sites: [SITE], recordings: [RECORDING] }, root).then(
      () => 'no fault',
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
  };

  it('finds files and recordings beside the scenario', async () => {
    const { sites, recorded } = await openContent({ sites: [SITE], recordings: [RECORDING] }, root);
    expect([...(sites[0]?.files.keys() ?? [])]).to.deep.equal(['css/main.css', 'index.html']);
    expect(recorded.has('shop.example')).to.equal(true);
  });

  it('finds them by an absolute path wherever the scenario is', async () => {
    const site = { ...SITE, folder: join(root, 'news') };
    const { sites } = await openContent({ sites: [site], recordings: [] }, '/nowhere');
    expect(sites[0]?.files.get('index.html')?.bytes).to.equal(4);
  });

  const CHANGES: readonly (readonly [title: string, change: () => void, message: RegExp])[] = [
    [
      'a file of another size',
      () => writeFileSync(join(root, 'news/index.html'), 'another'),
      /^"index\.html" of the site "news\.example" is not what the plan says$/,
    ],
    [
      'a file of the same size',
      () => writeFileSync(join(root, 'news/index.html'), 'gape'),
      /^"index\.html" of the site "news\.example" is not what the plan says$/,
    ],
    [
      'a file that is gone',
      () => rmSync(join(root, 'news/index.html')),
      /index\.html" cannot be served: ENOENT/,
    ],
    [
      'a file that has become a link out of the folder',
      () => {
        rmSync(join(root, 'news/index.html'));
        symlinkSync('../secret', join(root, 'news/index.html'));
      },
      /^"index\.html" of the site "news\.example" is not what the plan says$/,
    ],
    [
      'another recording',
      () => writeFileSync(join(root, 'shop.har'), `${HAR} `),
      /^The recording "shop\.har" is not what the plan says$/,
    ],
  ];
  for (const [title, change, message] of CHANGES)
    it(`refuses ${title}`, async () => expect(await messageOf(change)).to.match(message));
});
