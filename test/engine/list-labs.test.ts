import { mkdtempSync, rmSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import { askForLabContainers } from '../../src/engine/list-labs.ts';
import { expect } from 'chai';
import { join } from 'node:path';
import { tmpdir } from 'node:os';

const CONTAINER = {
  Id: 'f'.repeat(64),
  Created: 1_700_000_000,
  State: 'running',
  Labels: {
    'runner.lab': 'ab12',
    'runner.scenario': 'mixed',
    'runner.node': 'web',
    'runner.directory': '/results/x',
  },
};

describe('askForLabContainers()', () => {
  const folder = mkdtempSync(join(tmpdir(), 'engine-'));
  const socket = join(folder, 'engine.sock');
  const environment = { DOCKER_HOST: `unix://${socket}` };
  let server: Server | undefined;
  const answer = async (status: number, body: string): Promise<string[]> => {
    const asked: string[] = [];
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(status).end(body);
    });
    await new Promise<void>((resolve) => server?.listen(socket, resolve));
    return asked;
  };
  afterEach(() => server?.close());
  after(() => rmSync(folder, { recursive: true }));

  it('asks once, for all that carry the label', async () => {
    const asked = await answer(200, JSON.stringify([CONTAINER]));
    expect(await askForLabContainers(environment)).to.deep.equal({
      containers: [
        {
          id: CONTAINER.Id,
          labId: 'ab12',
          scenario: 'mixed',
          node: 'web',
          directory: '/results/x',
          running: true,
          created: 1_700_000_000_000,
        },
      ],
    });
    expect(asked.map(decodeURIComponent)).to.deep.equal([
      '/containers/json?all=1&filters={"label":["runner.lab"]}',
    ]);
  });

  it('has none where there is no socket, or no engine of this machine is meant', async () => {
    for (const host of ['unix:///nowhere/engine.sock', 'tcp://127.0.0.1:1', 'ssh://somewhere'])
      expect(await askForLabContainers({ DOCKER_HOST: host })).to.deep.equal({ containers: [] });
  });

  for (const [status, body, reason] of [
    [500, '', 'status 500'],
    [200, 'no JSON', 'JSON'],
  ] as const)
    it(`tells of an answer that is none: ${reason}`, async () => {
      await answer(status, body);
      const { containers, silent } = await askForLabContainers(environment);
      expect(containers).to.deep.equal([]);
      expect(silent).to.include(socket).and.include(reason);
    });
});
