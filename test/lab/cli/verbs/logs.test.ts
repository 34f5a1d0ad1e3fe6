// The logs of a lab, at once and as they grow.
import {
  type RunResult,
  runRunner,
  said,
  scratch,
  startRunner,
} from '../../acceptance/support/runner.ts';
import { expect } from 'chai';
import { join } from 'node:path';
import { waitFor } from '../../lab/labs.ts';
import { writeFileSync } from 'node:fs';

const SCENARIO = `version: 1
name: followed
hosts: { client: {}, middle: {}, server: {} }
networks:
  inside: { members: [client, middle] }
  outside: { members: [middle, server] }
censor:
  name: gate
  on: middle
  rules: [{ name: port, match: { tcp.dstport: 81 }, action: reset }]
traffic:
  - { name: web, on: server, serve: { http: { port: 80 } } }
`;

describe('runner logs', function () {
  this.timeout(60_000);
  const folder = scratch('logs');
  const file = join(folder.path, 'followed.yaml');
  const runner = (...args: string[]): Promise<RunResult> => runRunner(args, { cwd: folder.path });
  let id = '';

  const curl = async (): Promise<void> => {
    const result = await runner('exec', id, 'client', '--', 'curl', '-sSf', 'http://server/');
    expect(result.code, said(result)).to.equal(0);
  };
  /** Follows, and collects what it printed so far. */
  const follow = (
    ...args: string[]
  ): { heard: () => string; end: () => void; ended: Promise<RunResult> } => {
    const { process: child, ended } = startRunner(['logs', ...args], { cwd: folder.path });
    let text = '';
    child.stdout?.on('data', (more: string) => (text += more));
    return { heard: () => text, end: () => child.kill('SIGINT'), ended };
  };

  beforeEach(async () => {
    writeFileSync(file, SCENARIO);
    const result = await runner('up', file, '--json');
    expect(result.code, said(result)).to.equal(0);
    ({ lab: id } = JSON.parse(result.stdout) as { lab: string });
  });
  afterEach(async () => {
    await runner('destroy', id);
  });
  after(() => folder.remove());

  it('--follow tells what comes until the lab ends', async () => {
    await curl();
    const { heard, ended } = follow('--follow', id);
    await waitFor('what there was is told', () => /^server\.web \| .*1 requests/m.test(heard()));
    // It tells what it has seen even if it sees nothing more.
    await waitFor('the censor tells', () =>
      /^middle\.gate \| .* [1-9]\d* packets, /m.test(heard()),
    );
    await curl();
    await waitFor('what comes is told', () => heard().match(/^server\.web \| /gm)?.length === 2);
    const destroyed = await runner('destroy', id);
    expect(destroyed.code, said(destroyed)).to.equal(0);
    const result = await ended;
    expect(result.code, said(result)).to.equal(0);
  });

  it('-f ends by Ctrl-C and leaves the lab up', async () => {
    const { heard, end, ended } = follow('-f', id, 'middle');
    await waitFor('the censor is heard', () => heard().includes('middle.gate | '));
    end();
    const result = await ended;
    expect(result.code, said(result)).to.equal(130);
    expect(result.stdout).to.not.include('server.web');
    await curl();
  });

  it('-f refuses a node that the lab has not', async () => {
    const result = await runner('logs', '-f', id, 'sever');
    expect(result.code).to.equal(2);
    expect(result.stderr).to.include('Did you mean "server"?');
  });
});
