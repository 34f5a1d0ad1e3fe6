// Visits by a real Chromium and by curl, as an ordinary user: pages that are none, a browser that is killed, and a run that is gone on with.
import { randomUUID } from 'node:crypto';
import { cpSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import type { VisitRecord } from '../../../src/model/visit.ts';
import { family, processes } from './support/leftovers.ts';
import { asOrdinaryUser } from './support/ordinary-user.ts';
import { CHECKOUT, apply, runRunner, said, scratch, startRunner } from './support/runner.ts';

const lab = (name: string): string => `version: 1
name: ${name}
params: { timeout: { type: string, default: 60s } }
hosts: { client: {}, server: {} }
networks: { wire: { members: [client, server] } }
captures: [client, server]
traffic:
  - name: mute
    on: server
    run:
      background: true
      command: [python3, -c, "import socket\\ns = socket.create_server(('', 81))\\nkept = []\\nwhile True: kept.append(s.accept())"]
`;

const FAULTS = `${lab('faults')}  - { name: h3, on: server, serve: { quic: { names: [quic.example] } } }
  - name: stranger
    on: server
    run:
      background: true
      command:
        - sh
        - -c
        - |
          cd "$(mktemp -d)" && openssl req -x509 -newkey rsa:2048 -nodes -keyout key -out certificate -subj /CN=server -days 2 &&
          exec openssl s_server -quiet -www -accept 8443 -key key -cert certificate
  - name: web
    on: server
    serve:
      http:
        sites:
          gone.example: { status: 404, body: "${'There is nothing here. '.repeat(8)}" }
          empty.example: ""
          small.example: "<p>Hi"
`;
const PAGES = ['"http://gone.example/"', '"http://empty.example/"', '"http://small.example/"'];
const flow = (name: string, visit: string, after?: string): string =>
  `  - { name: ${name}, from: client,${after === undefined ? '' : ` after: ${after},`} visit: { settle: 0ms, drain: 0ms, ${visit} } }\n`;

/** Milliseconds for a run of a few seconds. */
const LIMIT = 110_000;
/** Milliseconds for the kernel to be done with what it has killed. */
const GRACE = 10_000;

describe('visits', function () {
  this.timeout(2 * LIMIT);
  const folder = scratch('visits');
  const user = asOrdinaryUser(folder.path);
  const mark = randomUUID();
  const options = {
    ...user,
    environment: { ...user.environment, RUNNER_TEST_MARK: mark },
    timeout: LIMIT,
  };
  before(() =>
    cpSync(
      join(CHECKOUT, 'node_modules/playwright-core'),
      join(user.checkout, 'node_modules/playwright-core'),
      { recursive: true, dereference: true },
    ),
  );
  after(() => folder.remove());

  const write = (name: string, text: string): string => {
    const file = join(folder.path, `${name}.yaml`);
    writeFileSync(file, text);
    return file;
  };
  const visitsOf = (results: string): VisitRecord[] =>
    (
      JSON.parse(readFileSync(join(results, 'run.json'), 'utf8')) as {
        readonly visits: VisitRecord[];
      }
    ).visits;

  it('that are none are told apart, and their page is given up after three in a row', async () => {
    const text = [
      FAULTS,
      flow('gone', `urls: [${PAGES[0]}], repeat: 5`),
      flow('none', `urls: [${PAGES.slice(1).join(', ')}], har: minimal`, 'gone'),
      flow(
        'h3',
        'urls: ["https://quic.example/"], quic: true, minimum: 1, bodies: true',
        'none',
      ).replace('name: h3', 'name: by-quic'),
      flow(
        'unreached',
        'urls: ["http://server:81/", "http://server:82/", "http://nobody.example/", "https://server:8443/", "https://server:80/"], timeout: 1s, har: false',
        'by-quic',
      ),
      flow(
        'curl',
        `with: curl, urls: [${PAGES.join(', ')}, "http://server:81/", "http://server:82/", "http://nobody.example/", "https://server:8443/", "https://server:80/"], timeout: 1s`,
        'unreached',
      ),
    ].join('');
    const report = await apply(write('faults', text), { ...options, out: folder.path });
    const visits = visitsOf(report.results);
    const found = (name: string): unknown[] =>
      visits.filter((one) => one.flow === name).map(({ status, failure }) => failure ?? status);
    const NOT_THERE = 'http_unexpected_status_code';
    expect(found('gone')).to.deep.equal([
      ...[NOT_THERE, NOT_THERE, NOT_THERE],
      ...['dropped', 'dropped'],
    ]);
    expect(found('none')).to.deep.equal(['http_request_failed', 'http_request_failed']);
    expect(found('by-quic')).to.deep.equal(['success']);
    const unreached = [
      ...['generic_timeout_error', 'connection_refused', 'dns_nxdomain_error'],
      ...['ssl_unknown_authority', 'ssl_failed_handshake'],
    ];
    expect(found('unreached')).to.deep.equal(unreached);
    expect(found('curl')).to.deep.equal([
      ...[NOT_THERE, 'http_request_failed', 'http_request_failed'],
      ...unreached,
    ]);
    const har = readFileSync(
      join(report.results, 'visits/by-quic/1-quic.example/page.har'),
      'utf8',
    );
    expect(har).to.include('"text"').and.include('https://quic.example/');
    expect(existsSync(join(report.results, 'visits/unreached/2-server-82/page.har'))).to.equal(
      false,
    );
    expect(readFileSync(join(report.results, 'run.json'), 'utf8')).to.include(
      'gone: http://gone.example/ was dropped: 2 visits not made',
    );
    expect(await processesLeft(`RUNNER_TEST_MARK=${mark}`)).to.deep.equal([]);
  });

  it('go on after a browser that was killed, and in another run after Ctrl-C, with nothing left behind', async () => {
    const text = [
      lab('resumed'),
      '  - { name: web, on: server, serve: { http: { size: 4KiB } } }\n',
      flow(
        'browse',
        'urls: ["http://server/", "http://server:81/"], repeat: 2, timeout: "${params.timeout}"',
      ),
    ].join('');
    const file = write('resumed', text);
    const out = join(folder.path, 'resumed');
    const run = startRunner(['apply', file, '--out', out], options);
    const hung = async (visit: number): Promise<number> => {
      for (;;) {
        const renderer = family(run.process.pid ?? 0).some(({ command }) =>
          command.includes('--type=renderer'),
        );
        const made = visitFolders(out).length;
        const browser = family(run.process.pid ?? 0).find(
          ({ command }) =>
            command.includes('--remote-debugging-pipe') && !command.startsWith('/bin/sh'),
        );
        if (renderer && browser && made === visit - 1) return browser.pid;
        if (run.process.exitCode !== null || run.process.signalCode !== null)
          throw new Error(said(await run.ended));
        await wait(50);
      }
    };
    process.kill(await hung(2), 'SIGKILL');
    await hung(4);
    process.kill(-(run.process.pid ?? 0), 'SIGINT');
    const result = await run.ended;
    expect(result.code, said(result)).to.equal(130);
    expect(await processesLeft(`RUNNER_TEST_MARK=${mark}`)).to.deep.equal([]);
    const results = join(out, 'resumed/latest');
    expect(visitsOf(results).map(({ failure }) => failure)).to.deep.equal([
      ...[null, 'unknown_failure: the browser ended'],
      ...[null, 'interrupted'],
    ]);

    const flags = ['--resume', results, '--set', 'timeout=1s', '--out', out];
    const again = await runRunner(['apply', file, ...flags], options);
    expect(again.stderr).to.include(
      'browse: 2 of 2 visits of http://server/ with chromium carried over',
    );
    expect(
      visitsOf(results).map(({ url, status, repetition }) => [url, status, repetition]),
    ).to.deep.equal([
      ['http://server/', 'carried', 1],
      ['http://server:81/', 'timeout', 1],
      ['http://server/', 'carried', 2],
      ['http://server:81/', 'timeout', 2],
    ]);
  });
});

/** Of visits that have ended, in the run that is under way. */
const visitFolders = (out: string): string[] =>
  existsSync(out)
    ? readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((name) =>
        name.endsWith('/visit.json'),
      )
    : [];

/** What still runs of that which has `mark` in its environment. */
async function processesLeft(mark: string): Promise<string[]> {
  const end = performance.now() + GRACE;
  for (;;) {
    const left = processes().filter(({ environment }) => environment.includes(mark));
    if (left.length === 0 || performance.now() > end) return left.map(({ command }) => command);
    await wait(50);
  }
}
