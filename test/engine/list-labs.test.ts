import { linkSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import { askForLabs } from '../../src/engine/list-labs.ts';
import { expect } from 'chai';
import { join } from 'node:path';
import { tmpdir } from 'node:os';

const CONTAINER = {
  Id: 'f'.repeat(64),
  Names: ['/ab12cd34-web'],
  Created: 1_700_000_000,
  State: 'running',
  Labels: {
    'runner.lab': 'ab12cd34',
    'runner.scenario': 'mixed',
    'runner.node': 'web',
    'runner.directory': '/results/x',
    'runner.origin': 'boot/pid:[1]',
  },
};

const VOLUME = {
  Name: 'ab12cd34-data',
  CreatedAt: '2023-11-14T22:13:20Z',
  Labels: {
    'runner.lab': 'ab12cd34',
    'runner.scenario': 'mixed',
    'runner.directory': '/results/x',
    'runner.origin': 'boot/pid:[1]',
  },
};

describe('askForLabs()', () => {
  const folder = mkdtempSync(join(tmpdir(), 'engine-'));
  const socket = join(folder, 'engine.sock');
  const environment = { DOCKER_HOST: `unix://${socket}` };
  let server: Server | undefined;
  const answer = async (
    status: number,
    body: string,
    volumes = '{"Volumes":null}',
  ): Promise<string[]> => {
    const asked: string[] = [];
    server = createServer((request, response) => {
      const path = request.url ?? '';
      asked.push(path);
      if (path.startsWith('/volumes')) response.end(volumes);
      else response.writeHead(status).end(body);
    });
    await new Promise<void>((resolve) => server?.listen(socket, resolve));
    return asked;
  };
  afterEach(() => server?.close());
  after(() => rmSync(folder, { recursive: true }));

  it('asks once for containers and once for volumes, for all that carry the label', async () => {
    const asked = await answer(
      200,
      JSON.stringify([CONTAINER]),
      JSON.stringify({ Volumes: [VOLUME] }),
    );
    const facts = {
      labId: 'ab12cd34',
      scenario: 'mixed',
      directory: '/results/x',
      origin: 'boot/pid:[1]',
      engine: environment.DOCKER_HOST,
      created: 1_700_000_000_000,
    };
    expect(await askForLabs(environment)).to.deep.equal({
      containers: [{ ...facts, id: CONTAINER.Id, node: 'web', running: true }],
      volumes: [{ ...facts, name: 'ab12cd34-data' }],
      unanswered: [],
    });
    expect(asked.map(decodeURIComponent)).to.deep.equal([
      '/containers/json?all=1&filters={"label":["runner.lab"]}',
      '/volumes?filters={"label":["runner.lab"]}',
    ]);
  });

  it("takes no volume for a lab's that has another name than its labels say", async () => {
    const volumes = [
      { ...VOLUME, Name: 'data' },
      { ...VOLUME, Labels: null },
    ];
    await answer(200, '[]', JSON.stringify({ Volumes: volumes }));
    expect((await askForLabs(environment)).volumes).to.deep.equal([]);
  });

  for (const [what, changes] of [
    ['has another name than its labels say', { Names: ['/web'] }],
    ['was committed from one of a lab and has its labels of the image', { Names: ['/busy_bohr'] }],
    [
      'has no id of a lab',
      { Names: ['/ab-web'], Labels: { 'runner.lab': 'ab', 'runner.node': 'web' } },
    ],
  ] as const)
    it(`takes no container for a lab's that ${what}`, async () => {
      await answer(200, JSON.stringify([{ ...CONTAINER, ...changes }]));
      expect((await askForLabs(environment)).containers).to.deep.equal([]);
    });

  it('has none where the engine that is named is on another machine', async () => {
    for (const host of ['tcp://127.0.0.1:1', 'ssh://somewhere'])
      expect(await askForLabs({ DOCKER_HOST: host })).to.deep.equal({
        containers: [],
        volumes: [],
        unanswered: [],
      });
  });

  it('tells of an engine that is named and is not there', async () => {
    const none = `unix://${folder}/none.sock`;
    const absent = {
      containers: [],
      volumes: [],
      unanswered: [`${none}: there is no such socket`],
    };
    expect(await askForLabs({ DOCKER_HOST: none })).to.deep.equal(absent);
    const context = { DOCKER_CONFIG: folder, DOCKER_CONTEXT: 'absent' };
    const { unanswered } = await askForLabs(context);
    expect(unanswered).to.have.length(1);
    expect(unanswered[0]).to.include('Docker context "absent"');
  });

  it('asks every usual place', async () => {
    await answer(200, JSON.stringify([CONTAINER]));
    mkdirSync(join(folder, 'run/podman'), { recursive: true });
    // The one server listens at both: as two links, they are two sockets.
    for (const place of ['docker.sock', 'podman/podman.sock'])
      linkSync(socket, join(folder, 'run', place));
    const usual = { DOCKER_CONFIG: folder, XDG_RUNTIME_DIR: join(folder, 'run') };
    const { containers } = await askForLabs(usual);
    const engines = containers.map(({ engine }) => engine);
    expect(engines).to.include.members([
      `unix://${folder}/run/docker.sock`,
      `unix://${folder}/run/podman/podman.sock`,
    ]);
  });

  it("asks a lab's own engine beside those that are meant, for that lab alone", async () => {
    const other = { ...CONTAINER, Names: ['/00000000-web'] };
    const labels = { ...CONTAINER.Labels, 'runner.lab': '00000000' };
    await answer(200, JSON.stringify([CONTAINER, { ...other, Labels: labels }]));
    const elsewhere = { DOCKER_HOST: 'tcp://127.0.0.1:1' };
    const own = new Map([['ab12cd34', environment.DOCKER_HOST]]);
    const { containers } = await askForLabs(elsewhere, own);
    expect(containers.map(({ labId }) => labId)).to.deep.equal(['ab12cd34']);
  });

  for (const [status, body, reason] of [
    [500, '', 'status 500'],
    [200, 'no JSON', 'JSON'],
    [200, '{}', 'no list'],
  ] as const)
    it(`tells of an answer that is none: ${reason}`, async () => {
      await answer(status, body);
      const { containers, unanswered } = await askForLabs(environment);
      expect(containers).to.deep.equal([]);
      expect(unanswered).to.have.length(1);
      expect(unanswered[0]).to.include(socket).and.include(reason);
    });
});
