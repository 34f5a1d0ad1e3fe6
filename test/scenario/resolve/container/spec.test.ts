import { expect } from 'chai';
import type { ContainerSpec } from '../../../../src/model/container.ts';
import type { Plan } from '../../../../src/model/plan.ts';
import { compileText, mustPlan, placesOf, planOf } from '../../compile-text.ts';

const lab = (containers: string, rest = ''): string =>
  `version: 1\nname: lab\ncontainers:\n${containers}\n${rest}`;

function specIn(plan: Plan, name = 'web'): ContainerSpec {
  const spec = plan.nodes.find((node) => node.name === name)?.container;
  if (spec === undefined) throw new Error(`There is no container "${name}"`);
  return spec;
}

const specOf = (keys: string): ContainerSpec =>
  specIn(planOf(lab(`  web: { image: web${keys === '' ? '' : `, ${keys}`} }`)));

describe('resolveContainers()', () => {
  it('leaves to the image and the engine what the file does not say', () => {
    expect(specOf('')).to.deep.equal({
      image: { name: 'web', pull: 'missing', build: null },
      ...{ command: null, entrypoint: null, environment: {}, mounts: [], user: null },
      ...{ workingDir: null, hostname: 'web', capabilities: { add: [], drop: [] } },
      ...{ privileged: false, devices: [], securityOptions: [], sysctls: {}, ulimits: [] },
      ...{ memory: null, cpus: null, pids: null, shmSize: null, readOnly: false, init: false },
      ...{ tty: false, healthcheck: 'image', dependsOn: [], startTimeout: 60_000 },
      ...{ stopSignal: null, stopGrace: 0, copies: [], censor: false, idle: false },
    });
  });

  it('makes nodes of them like any others', () => {
    const { nodes } = planOf(
      lab(
        '  web: { image: web, interfaces: { lan: { name: eth0, addresses: 10.1.0.9 } } }',
        'hosts: { client: {} }\nnetworks: { lan: { subnet: 10.1.0.0/24, members: [client, web] } }',
      ),
    );
    expect(nodes.map(({ name, kind, stack }) => [name, kind, stack])).to.deep.equal([
      ['client', 'host', 'namespace'],
      ['web', 'container', 'namespace'],
    ]);
    expect(nodes[0]).not.to.have.property('container');
    expect(nodes[1]?.interfaces[0]).to.include({ name: 'eth0' });
    expect(nodes[1]?.interfaces[0]?.addresses).to.deep.equal(['10.1.0.9/24']);
  });

  it('puts them on the stack that they are to have', () => {
    const { nodes } = planOf(
      lab(`  a: { image: a, network: own }
  b: { image: b, network: docker }
  c: { image: c, network: machine }`),
    );
    expect(nodes.map(({ stack }) => stack)).to.deep.equal(['namespace', 'engine', 'machine']);
  });

  it('reads capabilities however they are written, each once', () => {
    expect(specOf('capabilities: [CAP_NET_ADMIN, net_admin, NET_RAW]').capabilities).to.deep.equal({
      add: ['NET_ADMIN', 'NET_RAW'],
      drop: [],
    });
    expect(specOf('capabilities: { drop: [all] }').capabilities).to.deep.equal({
      add: [],
      drop: ['ALL'],
    });
  });

  it('makes numbers of quantities', () => {
    const spec = specOf(
      'memory: 64MiB, shmSize: 1MB, cpus: 0.5, startTimeout: 2m, stopGrace: 1.5s, ulimits: { nofile: 10, core: { soft: 0, hard: -1 } }',
    );
    expect(spec).to.include({ memory: 67_108_864, shmSize: 1_000_000, cpus: 0.5 });
    expect(spec).to.include({ startTimeout: 120_000, stopGrace: 1500 });
    expect(spec.ulimits).to.deep.equal([
      { name: 'nofile', soft: 10, hard: 10 },
      { name: 'core', soft: 0, hard: -1 },
    ]);
  });

  it('knows three kinds of health check', () => {
    expect(specOf('healthcheck: false').healthcheck).to.equal('none');
    expect(specOf('healthcheck: true').healthcheck).to.equal('image');
    expect(specOf('healthcheck: { test: [id], interval: 100ms }').healthcheck).to.deep.equal({
      ...{ argv: ['id'], interval: 100, timeout: 5000, retries: 30, startPeriod: 0 },
    });
  });

  it('waits for what is there', () => {
    const plan = planOf(
      lab(`  web: { image: web, dependsOn: { off: healthy, setup: completed } }
  list: { image: web, dependsOn: [web, off, web] }
  setup: { image: setup }
  off: { image: off, when: false }`),
    );
    expect(specIn(plan).dependsOn).to.deep.equal([{ container: 'setup', condition: 'completed' }]);
    expect(specIn(plan, 'list').dependsOn).to.deep.equal([
      { container: 'web', condition: 'started' },
    ]);
  });
});

describe('resolveImage()', () => {
  it('names what is built after scenario and container, unless it has a name', () => {
    const plan = planOf(
      `version: 1\nname: My__Lab_-X\ncontainers:\n  web: { build: . }\n  app: { image: "app:2", build: { context: ../app, args: { N: 1, B: true }, target: run, network: none } }`,
    );
    expect(specIn(plan).image).to.deep.equal({
      name: 'runner.local/my__lab-x/web',
      pull: 'never',
      build: { context: '.', dockerfile: 'Dockerfile', args: {}, target: null, network: 'default' },
    });
    expect(specIn(plan, 'app').image).to.deep.equal({
      name: 'app:2',
      pull: 'never',
      build: {
        ...{ context: '../app', dockerfile: 'Dockerfile', args: { N: '1', B: 'true' } },
        ...{ target: 'run', network: 'none' },
      },
    });
  });
});

describe('resolveEnvironment()', () => {
  it('makes texts of values, and keeps secrets as where they are read', () => {
    const text = lab(
      '  web: { image: web, environment: { A: 1, B: true, C: x, D: { secret: { env: TOKEN } }, E: { secret: { file: ./e } } } }',
      'traffic: [{ name: go, on: web, run: { command: [id], environment: { F: { secret: { file: f } } } } }]',
    );
    const plan = planOf(text);
    expect(specIn(plan).environment).to.deep.equal({
      ...{ A: '1', B: 'true', C: 'x', D: { secret: { env: 'TOKEN' } } },
      E: { secret: { file: 'e' } },
    });
    expect(plan.flows[0]?.probe).to.deep.include({
      environment: { F: { secret: { file: 'f' } } },
    });
  });
});

describe('numbers where a text is meant', () => {
  it('keep the digits that the file writes', () => {
    const spec = specOf(
      'environment: { A: 1.10, B: 0777, C: 0x10, D: 1e21, E: 12345678901234567890, F: True, discovery.type: 1.0, a-b: 1 }, sysctls: { net.core.somaxconn: 0x10 }',
    );
    expect(spec.environment).to.deep.equal({
      ...{ A: '1.10', B: '0777', C: '0x10', D: '1e21', E: '12345678901234567890', F: 'True' },
      ...{ 'discovery.type': '1.0', 'a-b': '1' },
    });
    expect(spec.sysctls).to.deep.equal({ 'net.core.somaxconn': '0x10' });
    const built = planOf(
      lab('  web: { build: { context: ., args: { VERSION: 1.10, a.b: 007 } } }'),
    );
    expect(specIn(built).image.build?.args).to.deep.equal({ VERSION: '1.10', 'a.b': '007' });
  });

  it('have wider names in a container than on the machine', () => {
    const secret = 'environment: { A: { secret: { env: a.b } } }';
    expect(placesOf(compileText(lab(`  web: { image: web, ${secret} }`)))).to.deep.equal([
      'S047 4:57',
    ]);
  });
});

describe('resolveMounts()', () => {
  it('tells folders of the machine from volumes and memory', () => {
    const spec = specOf(
      'mounts: ["./a:/a:ro", "../b:/b:rw", "/c/./d/:/c/", "~/e:/e", "f:/f", { bind: g, to: /g, readOnly: true }, { volume: h, to: /h }, { tmpfs: 1MiB, to: /i }, { tmpfs: true, to: /j }]',
    );
    const bind = (from: string, to: string, readOnly = false) =>
      ({ kind: 'bind', from, to, readOnly }) as const;
    expect(spec.mounts).to.deep.equal([
      ...[bind('a', '/a', true), bind('../b', '/b'), bind('/c/d', '/c'), bind('~/e', '/e')],
      { kind: 'volume', name: 'f', to: '/f', readOnly: false },
      bind('g', '/g', true),
      { kind: 'volume', name: 'h', to: '/h', readOnly: false },
      { kind: 'tmpfs', to: '/i', size: 1_048_576 },
      { kind: 'tmpfs', to: '/j', size: null },
    ]);
  });
});

describe('resolveCopies()', () => {
  it('works out what is called how, and when', () => {
    const text = lab(
      `  web:
    image: web
    copy:
      in: [{ from: ./a, to: /x }, { from: b/c, to: /y/, at: ready }, { from: /d, to: /d, after: go }]
      out: [{ from: /var/e/ }, { from: /f, to: g/, at: stopped }, { from: /h, to: ./i/j, after: go }]`,
      'traffic: [{ name: go, on: web, run: [id] }]',
    );
    const { copies, stopGrace } = specIn(planOf(text));
    expect(copies.map(({ from, to, at }) => [from, to, at.when])).to.deep.equal([
      ['a', '/x', 'create'],
      ['b/c', '/y/', 'ready'],
      ['/d', '/d', 'after'],
      ['/var/e', 'e', 'end'],
      ['/f', 'g/f', 'stopped'],
      ['/h', 'i/j', 'after'],
    ]);
    expect(stopGrace).to.equal(10_000);
  });

  it('leaves the name of what goes into a folder to the machine', () => {
    const spec = specOf(
      'copy: { in: [{ from: .., to: /z/ }, { from: "~", to: /z/ }, { from: a, to: /z/y/.. }] }',
    );
    expect(spec.copies.map(({ from, to }) => [from, to])).to.deep.equal([
      ['..', '/z/'],
      ['~', '/z/'],
      ['a', '/z/'],
    ]);
  });
});

describe('paths of a scenario', () => {
  const part =
    'containers: { web: { build: ./web, environment: { T: { secret: { file: ../t } } }, mounts: ["./m:/m", { bind: /abs, to: /abs }], copy: { in: [{ from: r, to: /r }] } } }';

  it('are relative to the file that writes them, and in the plan to the main file', () => {
    for (const folder of ['', 'deep/', '/abs/olute/', '../up/']) {
      const main = `version: 1\nname: lab\ninclude: parts/web.yaml\n`;
      const { plan } = mustFile(`${folder}lab.yaml`, main, { [`${folder}parts/web.yaml`]: part });
      const { image, environment, mounts, copies } = specIn(plan);
      expect(image.build?.context).to.equal('parts/web');
      expect(environment).to.deep.equal({ T: { secret: { file: 't' } } });
      expect(mounts.map((mount) => 'from' in mount && mount.from)).to.deep.equal([
        'parts/m',
        '/abs',
      ]);
      expect(copies[0]?.from).to.equal('parts/r');
    }
  });

  it('lead out of the main folder where a file above it is included', () => {
    const main = 'version: 1\nname: lab\ninclude: ../shared/web.yaml\n';
    const { plan } = mustFile('a/b/lab.yaml', main, { 'a/shared/web.yaml': part });
    expect(specIn(plan).image.build?.context).to.equal('../shared/web');
  });

  it('of one key stay with the file that writes it when parts merge', () => {
    const main =
      'version: 1\nname: lab\nextends: parts/web.yaml\ncontainers: { web: { mounts: ["./own:/m"] } }\n';
    const { plan } = mustFile('lab.yaml', main, { 'parts/web.yaml': part });
    expect(specIn(plan).mounts).to.deep.equal([
      { kind: 'bind', from: 'own', to: '/m', readOnly: false },
    ]);
    expect(specIn(plan).image.build?.context).to.equal('parts/web');
  });
});

function mustFile(
  file: string,
  text: string,
  files: Readonly<Record<string, string>>,
): { readonly plan: Plan } {
  return { plan: mustPlan(compileText(text, files, {}, file)) };
}

describe('a container expectation', () => {
  it('is of how it stands in the end', () => {
    const text = lab(
      '  web: { image: web }',
      'expect: [{ container: web, state: exited, exitCode: 0, oomKilled: false }]',
    );
    expect(planOf(text).expectations).to.deep.equal([
      {
        ...{ kind: 'container', id: '1-container-web', container: 'web' },
        ...{ state: 'exited', exitCode: 0, oomKilled: false },
      },
    ]);
  });
});

describe('a name of both a host and a container', () => {
  it('may be had while one of them is switched off', () => {
    const text = (when: boolean): string =>
      `${lab('  server: { image: web }')}hosts: { server: { when: ${when} }, client: {} }\nnetworks: { lan: { subnet: 10.1.0.0/24, members: [client, server] } }\n`;
    const kinds = planOf(text(false)).nodes.map(({ name, kind }) => `${kind} ${name}`);
    expect(kinds).to.deep.equal(['host client', 'container server']);
    expect(placesOf(compileText(text(true)))).to.deep.equal(['S120 4:3']);
  });
});
