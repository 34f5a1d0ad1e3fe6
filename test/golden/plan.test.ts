import { basename, join } from 'node:path';
import { expect } from 'chai';
import { canonicalJson } from '../../src/base/canonical-json.ts';
import type { Plan } from '../../src/model/plan.ts';
import { renderPlan } from '../../src/scenario/render-plan.ts';
import {
  ROOT,
  compileRepositoryFile,
  mustPlan,
  repositoryFiles,
} from '../scenario/compile-text.ts';
import { expectGolden } from './expect-golden.ts';

const SHIPPED = repositoryFiles('scenarios', '.yaml');

/** Descriptions of protocols have tests of their own, and that of OpenFlow is long. */
function withoutDescriptions(plan: Plan): object {
  if (plan.proxies === undefined) return plan;
  const proxies = plan.proxies.map(({ relay, ...rest }) => ({
    ...rest,
    relay: { ...relay, protocol: relay.protocol.protocol },
  }));
  return { ...plan, proxies };
}

describe('compile() of containers', () => {
  it('gives the plan of every key that there is', () => {
    const compilation = compileRepositoryFile('test/golden/containers.yaml');
    const plan = mustPlan(compilation);
    expect(compilation.diagnostics).to.deep.equal([]);
    const golden = join(ROOT, 'test/golden/plan/containers');
    expectGolden(`${golden}.json`, `${canonicalJson(plan, 1)}\n`);
    expectGolden(`${golden}.txt`, renderPlan(plan));
  });
});

describe('compile() of machines', () => {
  it('gives the plan of every key that there is', () => {
    const compilation = compileRepositoryFile('test/golden/machines.yaml');
    const plan = mustPlan(compilation);
    expect(compilation.diagnostics).to.deep.equal([]);
    const golden = join(ROOT, 'test/golden/plan/machines');
    expectGolden(`${golden}.json`, `${canonicalJson(plan, 1)}\n`);
    expectGolden(`${golden}.txt`, renderPlan(plan));
  });
});

describe('compile() of censors', () => {
  it('gives the plan of every key that there is', () => {
    const compilation = compileRepositoryFile('test/golden/censors.yaml');
    const plan = mustPlan(compilation);
    expect(compilation.diagnostics).to.deep.equal([]);
    const golden = join(ROOT, 'test/golden/plan/censors');
    expectGolden(`${golden}.json`, `${canonicalJson(plan, 1)}\n`);
    expectGolden(`${golden}.txt`, renderPlan(plan));
  });
});

describe('compile() of proxies', () => {
  it('gives the plan of every key that there is', () => {
    const compilation = compileRepositoryFile('test/golden/proxies.yaml');
    const plan = mustPlan(compilation);
    expect(compilation.diagnostics).to.deep.equal([]);
    const golden = join(ROOT, 'test/golden/plan/proxies');
    expectGolden(`${golden}.json`, `${canonicalJson(withoutDescriptions(plan), 1)}\n`);
    expectGolden(`${golden}.txt`, renderPlan(plan));
  });
});

describe('compile() of tunnels', () => {
  it('gives the plan of every key that there is', () => {
    const compilation = compileRepositoryFile('test/golden/tunnels.yaml');
    const plan = mustPlan(compilation);
    expect(compilation.diagnostics).to.deep.equal([]);
    const golden = join(ROOT, 'test/golden/plan/tunnels');
    expectGolden(`${golden}.json`, `${canonicalJson(plan, 1)}\n`);
    expectGolden(`${golden}.txt`, renderPlan(plan));
  });
});

describe('compile() of a shipped scenario', () => {
  for (const path of SHIPPED) {
    const golden = join(ROOT, 'test/golden/plan', basename(path, '.yaml'));

    it(`gives the plan of ${path}, without a warning`, () => {
      const compilation = compileRepositoryFile(path);
      const plan = mustPlan(compilation);
      expect(compilation.diagnostics).to.deep.equal([]);
      expect(plan.expectations).not.to.have.length(0);
      expectGolden(`${golden}.json`, `${canonicalJson(withoutDescriptions(plan), 1)}\n`);
      expectGolden(`${golden}.txt`, renderPlan(plan));
    });
  }

  it('is there for each experiment of the first release', () => {
    expect(SHIPPED.map((path) => basename(path, '.yaml'))).to.include.members([
      'block-page',
      'censor',
      'dns-injection',
      'ipv6',
      'on-path-vs-in-path',
      'throttle',
      'two-isps',
    ]);
  });
});
