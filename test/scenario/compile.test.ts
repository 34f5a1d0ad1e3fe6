import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { canonicalJson } from '../../src/base/canonical-json.ts';
import type { Plan } from '../../src/model/plan.ts';
import { compile } from '../../src/scenario/compile.ts';
import { planHash } from '../../src/scenario/plan-hash.ts';
import { renderPlan } from '../../src/scenario/render-plan.ts';
import { renderDiagnostics } from '../../src/scenario/render-diagnostics.ts';
import {
  ROOT,
  compileRepositoryFile,
  compileText,
  mustPlan,
  placesOf,
  planOf,
  repositoryFiles,
} from './compile-text.ts';

const CENSOR = readFileSync(join(ROOT, 'scenarios/censor.yaml'), 'utf8');
const SHIPPED = repositoryFiles('scenarios', '.yaml');
const CONTAINER_KEYS = [
  ...['image', 'build', 'pull', 'command', 'entrypoint', 'environment', 'mounts', 'user', 'when'],
  ...['capabilities', 'sysctls', 'ulimits', 'healthcheck', 'dependsOn', 'copy', 'interfaces'],
  ...['devices', 'memory', 'network', 'hostname'],
];

describe('compile()', () => {
  it('gives the same bytes for the same file, params and seed', () => {
    for (const path of SHIPPED) {
      const [first, second] = [compileRepositoryFile(path), compileRepositoryFile(path)];
      expect(canonicalJson(mustPlan(first))).to.equal(canonicalJson(mustPlan(second)));
    }
  });

  it('gives another hash for another seed or param', () => {
    const hash = planHash(planOf(CENSOR));
    expect(planHash(planOf(CENSOR, { seed: 2 }))).not.to.equal(hash);
    expect(planHash(planOf(CENSOR, { params: { sni: 'other.example' } }))).not.to.equal(hash);
    expect(planHash(planOf(CENSOR, { params: { sni: 'blocked.example' } }))).to.equal(hash);
  });

  it('leaves out what "when" switches off, and then lets the kernel forward', () => {
    const plan = planOf(CENSOR, { params: { censor: 'false' } });
    expect(plan.censors).to.deep.equal([]);
    expect(plan.nodes.map(({ path }) => path)).to.deep.equal(['kernel', 'kernel', 'kernel']);
  });

  it('leaves out all censors when asked to', () => {
    const plan = planOf(CENSOR, { censors: false });
    expect(plan.censors).to.deep.equal([]);
    expect(plan.steps.filter((step) => step.do.kind === 'path')).to.deep.equal([]);
  });

  it('reports faults of the schema, of names and of parameters at once, sorted by place', () => {
    const text = CENSOR.replace('server:443, probe', 'servr:443, probe')
      .replace('delay: 5ms', 'delay: 5')
      .replace('${params.sni}', '${params.snii}')
      .replace('position: in-path', 'postion: in-path');
    expect(placesOf(compileText(text))).to.deep.equal([
      'S046 10:70',
      'S040 15:3',
      'S060 22:42',
      'S030 22:74',
    ]);
  });

  it('does not report what follows from another fault', () => {
    const text = CENSOR.replace('members: [middle, server]', 'members: 5');
    expect(placesOf(compileText(text))).to.deep.equal(['S042 11:45']);
  });

  it('says "--set" of an unknown or ill-typed parameter', () => {
    const set = (params: Record<string, string>): string[] =>
      compileText(CENSOR, {}, { params }).diagnostics.map(({ message, help }) =>
        [message, help].join('; '),
      );
    expect(set({ snii: 'x' })).to.deep.equal([
      '"--set snii" sets a parameter that the scenario does not have; Did you mean "sni"?',
    ]);
    expect(set({ censor: 'maybe' })).to.deep.equal([
      'Bad "--set censor": Expected true or false, found "maybe"; The type of the parameter is "boolean"',
    ]);
  });

  it('makes every step refer to what an earlier step or the plan has', () => {
    for (const path of SHIPPED) expectSound(mustPlan(compileRepositoryFile(path)));
  });

  it('never throws, whatever is cut out of a file or put into it', () => {
    const pieces = fc.constantFrom(
      ...[
        '[',
        '}',
        '${',
        '${params.x}',
        '&a ',
        '*a',
        '- ',
        ': ',
        '\n',
        '\t',
        'null',
        '"',
        '!x ',
        '0',
      ],
      ...[
        'server',
        '10.0.0.0/8',
        '<<: *a',
        '__proto__: 1',
        '5ms',
        '|',
        '>-',
        '---',
        '\u0000',
        '{}',
      ],
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...SHIPPED),
        fc.array(fc.tuple(fc.nat(), fc.nat(12), pieces), { minLength: 1, maxLength: 4 }),
        (path, edits) => {
          let text = readFileSync(join(ROOT, path), 'utf8');
          for (const [at, length, piece] of edits) {
            const start = at % text.length;
            text = text.slice(0, start) + piece + text.slice(start + length);
          }
          const { plan, diagnostics, files } = compileText(text);
          renderDiagnostics(diagnostics, files, { color: true });
          if (plan === undefined) expect(diagnostics).not.to.have.length(0);
          else expectSound(plan);
        },
      ),
      { numRuns: 300 },
    );
  }).timeout(60_000);

  it('never throws on values of the wrong kind anywhere', () => {
    const base = readFileSync(join(ROOT, 'scenarios/two-isps.yaml'), 'utf8');
    const values = fc.constantFrom('null', '5', 'x', '[]', '{}', 'true', '[x]', '{ x: y }', '"*"');
    const places = [...base.matchAll(/: ([\w.:/-]+|\[[^[\]]*\]|\{[^{}]*\})/g)];
    fc.assert(
      fc.property(fc.constantFrom(...places), values, (place, value) => {
        const start = place.index + 2;
        const text = base.slice(0, start) + value + base.slice(start + (place[1] ?? '').length);
        const { plan, diagnostics } = compileText(text);
        if (plan === undefined) expect(diagnostics).not.to.have.length(0);
        else expectSound(plan);
      }),
      { numRuns: 300 },
    );
  }).timeout(60_000);

  it('never throws, whatever stands among the containers', () => {
    const base = readFileSync(join(ROOT, 'test/golden/containers.yaml'), 'utf8');
    const files = { 'parts/shared.yaml': 'containers: { shared: { build: ./shared } }\n' };
    const values = fc.oneof(
      fc.constantFrom('null', '5', '-1', 'x', '[]', '{}', 'true', '[x]', '{ x: y }', '"*"', '..'),
      fc.constantFrom('/', '~', '"a:b:c"', '[web]', '{ web: healthy }', '[[]]', '{ secret: {} }'),
      fc.json({ maxDepth: 3 }),
    );
    const places = [...base.matchAll(/: ([\w.:/-]+|\[[^[\]]*\]|\{[^{}]*\})/g)];
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), values), { minLength: 1, maxLength: 3 }), (edits) => {
        let text = base;
        for (const [at, value] of edits) {
          const place = places[at % places.length];
          if (place !== undefined) text = text.replace(place[0], () => `: ${value}`);
        }
        const { plan, diagnostics, files: read } = compileText(text, files);
        renderDiagnostics(diagnostics, read, { color: true });
        if (plan === undefined) expect(diagnostics).not.to.have.length(0);
        else {
          expectSound(plan);
          renderPlan(plan);
        }
      }),
      { numRuns: 400 },
    );
  }).timeout(60_000);

  it('never throws on a container of arbitrary data', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...CONTAINER_KEYS), fc.jsonValue()), (web) => {
        const text = JSON.stringify({ version: 1, name: 'lab', containers: { web } });
        const { plan, diagnostics } = compileText(text);
        if (plan === undefined) expect(diagnostics).not.to.have.length(0);
        else expectSound(plan);
      }),
      { numRuns: 400 },
    );
  }).timeout(60_000);

  it('takes a lab of a thousand hosts', () => {
    const names = Array.from({ length: 1000 }, (_, index) => `h${index}`);
    const hosts = names.map((name) => `  ${name}: {}\n`).join('');
    const plan = planOf(
      `version: 1\nname: star\nhosts:\n${hosts}networks:\n  lan: { members: [${names.join(', ')}] }\n`,
    );
    expect(plan.networks[0]?.subnets).to.deep.equal(['10.0.0.0/22']);
    expect(plan.steps.length).to.be.below(8000);
    expectSound(plan);
  });

  it('gives a thousand networks behind one router no million routes', () => {
    const names = Array.from({ length: 1000 }, (_, index) => `h${index}`);
    const hosts = names.map((name) => `  ${name}: {}\n`).join('');
    const networks = names.map((name) => `  n${name}: { members: [router, ${name}] }\n`).join('');
    const plan = planOf(
      `version: 1\nname: wide\nhosts:\n  router: {}\n${hosts}networks:\n${networks}`,
    );
    const leaf = plan.nodes.find(({ name }) => name === 'h7');
    expect(leaf?.routes.map(({ to, via }) => [to, via])).to.deep.equal([
      ['10.0.7.0/24', undefined],
      ['0.0.0.0/0', '10.0.7.1'],
    ]);
    expect(leaf?.names).to.deep.equal([{ address: '10.0.7.1', names: ['router', 'router.lab'] }]);
  });

  it('refuses labs that are too large to route', () => {
    const names = Array.from({ length: 1001 }, (_, index) => `h${index}`);
    const hosts = names.map((name) => `  ${name}: {}\n`).join('');
    const links = names
      .slice(1)
      .map((name, index) => `  n${index}: { members: [${names[index] ?? ''}, ${name}] }\n`);
    const text = `version: 1\nname: chain\nhosts:\n${hosts}networks:\n${links.join('')}`;
    expect(placesOf(compileText(text))).to.deep.equal(['S064 1005:1']);
  });

  it('keeps file names apart from the machine: nothing of it is in the plan', () => {
    const readFile = (): { ok: false; error: string } => ({ ok: false, error: 'none' });
    const plan = compile({ file: '/some/where/lab.yaml', text: CENSOR }, { readFile }).plan;
    expect(JSON.stringify(plan)).not.to.contain('/some/where');
  });
});

/** Nodes, interfaces, bridges and ports that steps name are made before; names and ids are unique. */
function expectSound(plan: Plan): void {
  const nodes = new Set(
    plan.nodes
      .filter(({ stack, kind }) => stack === 'namespace' || kind === 'container')
      .map(({ name }) => name),
  );
  const made = new Set<string>();
  const interfaces = new Set<string>();
  expect(new Set(plan.steps.map(({ id }) => id)).size).to.equal(plan.steps.length);
  for (const step of plan.steps) {
    const action = step.do;
    if (action.kind === 'namespace' || action.kind === 'container') made.add(action.node);
    else if ('node' in action) expect(made.has(action.node), step.id).to.equal(true);
    if (action.kind === 'bridge' || action.kind === 'node-bridge') interfaces.add(action.interface);
    // Both ends have the tunnel's name.
    if (action.kind === 'tunnel') interfaces.add(action.tunnel);
    if (action.kind === 'veth')
      for (const end of [action.left, action.right]) {
        expect(end.interface).to.match(/^[A-Za-z0-9][\w-]{0,14}$/);
        expect(interfaces.has(end.interface), `${end.interface} is made once`).to.equal(false);
        if (end.node !== null) expect(made.has(end.node)).to.equal(true);
        if (end.master !== undefined) expect(interfaces.has(end.master)).to.equal(true);
        interfaces.add(end.interface);
      }
    if (action.kind === 'address' || action.kind === 'neighbour')
      expect(interfaces.has(action.interface), step.id).to.equal(true);
  }
  expect(made).to.deep.equal(nodes);
  for (const { interface: name } of plan.captures) expect(interfaces.has(name)).to.equal(true);
  for (const flow of plan.flows)
    expect(plan.nodes.some(({ name }) => name === flow.from)).to.equal(true);
}
