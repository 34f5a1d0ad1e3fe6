import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { sha256 } from '../../../src/base/hash.ts';
import { listFolder } from '../../../src/cli/list-folder.ts';
import type { WebSpec } from '../../../src/model/web.ts';
import { harHosts, parseHar } from '../../../src/wire/har.ts';
import { SERVER, createTwoNodes, service } from './two-nodes.ts';
import type { TwoNodes } from './two-nodes.ts';

const HOSTS = ['news.example', 'shop.example', 'cdn.shop.example', 'other.example'];
/** More than any buffer on the way; nothing is on the disk for it. */
const LARGE = 512 * 1024 ** 2;
const RECORDING = fileURLToPath(new URL('../../../scenarios/sites/shop.har', import.meta.url));

function folderOf(root: string, name: string, files: Readonly<Record<string, string>>): string {
  const folder = join(root, name);
  mkdirSync(join(folder, 'sub'), { recursive: true });
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
  return folder;
}

function siteOf(host: string, folder: string): WebSpec['sites'][number] {
  const listing = listFolder(folder);
  if (!listing.ok) throw new Error(listing.error);
  return { host, folder, files: listing.value.files };
}

function recordingOf(file: string): WebSpec['recordings'][number] {
  const text = readFileSync(file, 'utf8');
  const har = parseHar(text);
  if (!har.ok) throw new Error(har.error.message);
  return { file, sha256: sha256(text), hosts: harHosts(har.value) };
}

describe('web servers of folders and recordings', function () {
  this.timeout(30_000);
  let root = '';
  let lab: TwoNodes;

  before(async () => {
    root = mkdtempSync(join(tmpdir(), 'sites-test-'));
    writeFileSync(join(root, 'secret.txt'), 'secret');
    const news = folderOf(root, 'news', {
      ...{
        'index.html': '<!doctype html>news',
        'a b.css': 'a{}',
        'sub/index.html': 'sub',
        empty: '',
      },
      'large.bin': '',
    });
    truncateSync(join(news, 'large.bin'), LARGE);
    symlinkSync('index.html', join(news, 'home.html'));
    const any = folderOf(root, 'any', { 'index.html': 'any' });
    const web: WebSpec = {
      ...{ kind: 'web', port: 80, ports: { http: 80, https: 443 }, timing: 'recorded' },
      sites: [siteOf('news.example', news), siteOf('*', any)],
      recordings: [recordingOf(RECORDING)],
    };
    lab = createTwoNodes([service('web', web)], []);
    await lab.startServices();
  });
  after(async () => {
    await lab.close();
    rmSync(root, { recursive: true });
  });

  const run = (file: string, ...argv: string[]): Promise<string> =>
    lab.inNode('client', file, ...argv);
  const curl = (...argv: string[]): Promise<string> =>
    run(
      'curl',
      ...['--silent', '--show-error', '--cacert', join(lab.directory, 'lab/ca.pem')],
      ...HOSTS.flatMap((host) => [
        '--resolve',
        `${host}:443:${SERVER.v4}`,
        '--resolve',
        `${host}:80:${SERVER.v4}`,
      ]),
      ...argv,
    );
  const ANSWER = '%{http_code} %{http_version} %{size_download} %{content_type}';
  const told = (...argv: string[]): Promise<string> =>
    curl('--output', '/dev/null', '--write-out', ANSWER, ...argv);

  const FILES: readonly (readonly [title: string, argv: readonly string[], answer: string])[] = [
    [
      'a page over HTTP/1.1',
      ['--http1.1', 'https://news.example/'],
      '200 1.1 19 text/html; charset=utf-8',
    ],
    [
      'a page over HTTP/2',
      ['--http2', 'https://news.example/'],
      '200 2 19 text/html; charset=utf-8',
    ],
    ['a page without TLS', ['http://news.example/'], '200 1.1 19 text/html; charset=utf-8'],
    [
      'a page over HTTP/2 without TLS',
      ['--http2-prior-knowledge', 'http://news.example/'],
      '200 2 19 text/html; charset=utf-8',
    ],
    [
      'a name that is encoded',
      ['https://news.example/a%20b.css?v=1'],
      '200 2 3 text/css; charset=utf-8',
    ],
    ['an empty file', ['https://news.example/empty'], '200 2 0 application/octet-stream'],
    [
      'a link within the folder',
      ['https://news.example/home.html'],
      '200 2 19 text/html; charset=utf-8',
    ],
    [
      'a folder, after a redirect',
      ['--location', 'https://news.example/sub'],
      '200 2 3 text/html; charset=utf-8',
    ],
    [
      'a part of a file',
      ['--range', '2-8', 'https://news.example/'],
      '206 2 7 text/html; charset=utf-8',
    ],
    [
      'no part that is not there',
      ['--range', '99-', 'https://news.example/'],
      '416 2 26 text/plain; charset=utf-8',
    ],
    [
      'the head alone',
      ['--head', 'https://news.example/large.bin'],
      '200 2 0 application/octet-stream',
    ],
    [
      'nothing where there is none',
      ['https://news.example/none'],
      '404 2 14 text/plain; charset=utf-8',
    ],
    [
      'no other method',
      ['--request', 'PUT', 'https://news.example/'],
      '405 2 23 text/plain; charset=utf-8',
    ],
    ['the site of any name', ['http://other.example/'], '200 1.1 3 text/html; charset=utf-8'],
    [
      'nothing above the folder',
      ['--path-as-is', 'https://news.example/../secret.txt'],
      '404 2 14 text/plain; charset=utf-8',
    ],
    [
      'nothing above it in code',
      ['--path-as-is', '--http1.1', 'https://news.example/sub/%2e%2e/%2e%2e/secret.txt'],
      '404 1.1 14 text/plain; charset=utf-8',
    ],
    [
      'no path that cannot be one',
      ['--path-as-is', 'https://news.example/%00'],
      '400 2 16 text/plain; charset=utf-8',
    ],
  ];
  for (const [title, argv, answer] of FILES)
    it(`gives curl ${title}`, async () => expect(await told(...argv)).to.equal(answer));

  it('has a certificate for each site, which is for no other', async () => {
    const names = (host: string): Promise<string> =>
      run(
        'sh',
        '-c',
        `openssl s_client -connect ${SERVER.v4}:443 -servername ${host} </dev/null 2>/dev/null | openssl x509 -noout -ext subjectAltName | tail -n +2`,
      );
    expect((await names('news.example')).trim()).to.equal('DNS:news.example');
    expect((await names('cdn.shop.example')).trim()).to.equal('DNS:cdn.shop.example');
    expect(await names('unknown.example'))
      .to.include('DNS:server')
      .and.include(SERVER.v4);
  });

  it('sends a large file as fast as it is taken, and holds none of it', async () => {
    const most = async (): Promise<number> =>
      Number(/VmHWM:\s*(\d+)/.exec(await run('sh', '-c', 'cat /proc/$PPID/status'))?.[1]) / 1024;
    const before = await most();
    const slow = ['--limit-rate', '20M', '--max-time', '1', 'https://news.example/large.bin'];
    const error: unknown = await told(...slow).catch((cause: unknown) => cause);
    expect(String(error)).to.include('timed out');
    expect((await most()) - before).to.be.below(200);
  });

  it('sends again what was recorded, with the redirect before it', async () => {
    const page = await curl('--location', '--compressed', '--include', 'http://shop.example/');
    const head = page.toLowerCase();
    expect(head).to.include('http/1.1 301').and.include('location: https://shop.example/');
    expect(head).to.include('content-encoding: gzip');
    expect(head.match(/^set-cookie: .*$/gm)).to.deep.equal([
      'set-cookie: basket=1; path=/',
      'set-cookie: seen=0; path=/',
    ]);
    expect(page).to.include('<h1>The Shop Example</h1>');
  });

  const RECORDED: readonly (readonly [title: string, argv: readonly string[], answer: string])[] = [
    [
      'a body in its coding',
      ['--header', 'Accept-Encoding: br', 'https://cdn.shop.example/style.css?v=41'],
      '200 2 \\d{3} text/css',
    ],
    [
      'a body without, where the client takes none',
      ['https://cdn.shop.example/style.css?v=41'],
      '200 2 \\d{4} text/css',
    ],
    ['a body in base64', ['https://cdn.shop.example/pixel.gif'], '200 2 42 image/gif'],
    [
      'a body that was left out, in its size',
      ['https://cdn.shop.example/teapot.jpg'],
      '200 2 48213 image/jpeg',
    ],
    ['its head alone', ['--head', 'https://cdn.shop.example/teapot.jpg'], '200 2 0 image/jpeg'],
    ['no body of 204', ['--data', 'teapot', 'https://shop.example/seen'], '204 2 0 '],
  ];
  for (const [title, argv, answer] of RECORDED)
    it(`gives curl ${title}`, async () =>
      expect(await told(...argv)).to.match(new RegExp(`^${answer}$`)));

  it('answers the nearest query, after the time that was recorded', async () => {
    const url = 'https://shop.example/api/price?at=5&item=kettle';
    const answer = await curl('--write-out', ' %{time_starttransfer} %{time_pretransfer}', url);
    const [, price, first = '', asked = ''] = /"(\d+)"}\s+([\d.]+) ([\d.]+)$/.exec(answer) ?? [];
    expect(price).to.equal('31');
    expect(Number(first) - Number(asked)).to.be.at.least(0.085);
  });

  it('answers clients of Node in both versions, several requests on one connection', async () => {
    const script = `
      const [https, http2, fs] = [require('node:https'), require('node:http2'), require('node:fs')];
      const ca = fs.readFileSync(${JSON.stringify(join(lab.directory, 'lab/ca.pem'))});
      const end = { host: ${JSON.stringify(SERVER.v6)}, port: 443, ca };
      const agent = new https.Agent({ keepAlive: true, maxSockets: 1 });
      const get = (servername, path) => new Promise((resolve, reject) => https
        .get({ ...end, servername, agent, path, headers: { host: servername } }, (answer) => {
          let size = 0;
          answer.on('data', (bytes) => (size += bytes.length)).on('end', () => resolve([answer.statusCode, size]));
        }).on('error', reject));
      const stream = (session, path) => new Promise((resolve, reject) => {
        let [status, size] = [0, 0];
        session.request({ ':path': path, ':authority': 'cdn.shop.example' })
          .on('response', (head) => (status = head[':status']))
          .on('data', (bytes) => (size += bytes.length))
          .on('end', () => resolve([status, size])).on('error', reject);
      });
      (async () => {
        const one = [await get('news.example', '/'), await get('news.example', '/sub/'), await get('news.example', '/x')];
        const session = http2.connect('https://cdn.shop.example', { ...end, servername: 'cdn.shop.example' });
        const two = await Promise.all(['/teapot.jpg', '/kettle.jpg', '/pixel.gif'].map((path) => stream(session, path)));
        session.close();
        agent.destroy();
        console.log(JSON.stringify([one, two]));
      })();`;
    expect(JSON.parse(await run(process.execPath, '-e', script))).to.deep.equal([
      [
        [200, 19],
        [200, 3],
        [404, 14],
      ],
      [
        [200, 48_213],
        [200, 17_755],
        [200, 42],
      ],
    ]);
  });

  it('tells once how much was asked for that was not recorded', async () => {
    for (const path of ['one', 'two'])
      expect(await told(`https://shop.example/${path}`)).to.match(/^404 2 /);
    await lab.stop();
    const losses = (await lab.events()).filter(({ kind }) => kind === 'loss');
    expect(losses).to.have.length(1);
    expect(losses[0]).to.deep.include({
      ...{ place: 'server', count: 2, isDeclared: false },
      what: 'requests that no recording of "web" has an answer to: 404, the first to GET https://shop.example/one',
    });
  });
});
