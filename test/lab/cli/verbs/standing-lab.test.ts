// Labs that stay: up and apply --keep, and the verbs that reach into them.
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { runRunner, said, scratch } from '../../acceptance/support/runner.ts';
import type { RunResult } from '../../acceptance/support/runner.ts';
import { expect } from 'chai';
import { join } from 'node:path';

const SCENARIO = `version: 1
name: standing
hosts: { client: {}, server: {} }
networks: { lan: { members: [client, server] } }
traffic:
  - { name: web, on: server, serve: { http: { port: 80 } } }
  - { name: get, from: client, to: "server:80", probe: { http: {} } }
captures: [client]
`;

interface LabLine {
  readonly id: string;
  readonly scenario: string;
  readonly kept: boolean;
  readonly nodes: readonly string[];
  readonly directory: string;
}

describe('a lab that stays', function () {
  this.timeout(60_000);
  const folder = scratch('standing');
  const file = join(folder.path, 'standing.yaml');
  const out = join(folder.path, 'results');
  const runner = async (...args: string[]): Promise<RunResult> =>
    runRunner(args, { cwd: folder.path });
  const labs = async (): Promise<LabLine[]> =>
    (JSON.parse((await runner('ps', '--json')).stdout) as LabLine[]).filter(({ directory }) =>
      directory.startsWith(out),
    );
  before(() => writeFileSync(file, SCENARIO));
  after(async () => {
    for (const { id } of await labs()) await runner('destroy', id);
    folder.remove();
  });

  describe('up', () => {
    let id: string;
    before(async () => {
      const result = await runner('up', file, '--out', out, '--json');
      expect(result.code, said(result)).to.equal(0);
      id = (JSON.parse(result.stdout) as { lab: string }).lab;
    });

    it('is listed', async () => {
      expect(await labs()).to.have.length(1);
      expect((await labs())[0]).to.deep.include({
        id,
        scenario: 'standing',
        kept: true,
        nodes: ['client', 'server'],
      });
      expect((await runner('ps')).stdout).to.include(id);
    });

    it('serves', async () => {
      const result = await runner('exec', id, 'client', '--', 'curl', '-sf', 'http://server/');
      expect(result.code, said(result)).to.equal(0);
      const logs = await runner('logs', id, 'server');
      expect(logs.stdout).to.match(/^server\.web \| /m);
    });

    for (const [script, code] of [
      ['exit 42', 42],
      ['kill -9 $$', 137],
    ] as const)
      it(`exec passes on the outcome of "${script}"`, async () => {
        const result = await runner('exec', id, 'client', '--', 'sh', '-c', script);
        expect(result.code, said(result)).to.equal(code);
      });

    it('exec trusts the authority of the lab whatever the caller trusts', async () => {
      const ask = ['exec', id, 'client', 'sh', '-c', 'test -s "$SSL_CERT_FILE"; echo "$?"'];
      for (const file of [undefined, '/nowhere']) {
        const result = await runRunner(ask, { environment: { SSL_CERT_FILE: file } });
        expect(result.stdout, said(result)).to.equal('0\n');
      }
    });

    it('shell runs $SHELL in the node', async () => {
      const result = await runRunner(['shell', id, 'server'], {
        environment: { SHELL: '/bin/hostname' },
      });
      expect(result.code, said(result)).to.equal(0);
    });

    it('guesses what an unknown node was meant to be', async () => {
      const result = await runner('exec', id, 'clinet', '--', 'true');
      expect(result).to.include({ code: 2 });
      expect(result.stderr).to.include('Did you mean "client"?');
    });

    it('is completed', async () => {
      expect((await runner('__complete', 'exec', id, 'cl')).stdout).to.equal('none\nclient\n');
    });

    it('leaves nothing once destroyed', async () => {
      const result = await runner('destroy', id);
      expect(result.code, said(result)).to.equal(0);
      expect(await labs()).to.deep.equal([]);
      expect(readdirSync(join(out, 'standing'))).to.deep.equal([]);
      expect(await runner('destroy', id)).to.include({ code: 2 });
    });
  });

  describe('apply --keep', () => {
    it('leaves the network up until it is destroyed, and the results for good', async () => {
      const applied = await runner('apply', file, '--out', out, '--keep', '--json');
      expect(applied.code, said(applied)).to.equal(0);
      const { results } = JSON.parse(applied.stdout) as { results: string };
      const [lab] = await labs();
      const id = lab?.id ?? '';
      const inside = await runner('exec', id, 'client', '--', 'ping', '-c', '1', 'server');
      expect(inside.code, said(inside)).to.equal(0);
      expect((await runner('destroy', id)).code).to.equal(0);
      expect(await labs()).to.deep.equal([]);
      expect(existsSync(join(results, 'run.json'))).to.equal(true);
      expect(
        readdirSync(join(out, 'standing')).filter((name) => name.startsWith('.')),
      ).to.deep.equal([]);
    });
  });
});
