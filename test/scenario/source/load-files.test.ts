import { expect } from 'chai';
import { compileText, mustPlan, placesOf } from '../compile-text.ts';

const BASE = `version: 1
name: base
description: The base
hosts: { client: {}, server: {} }
networks:
  lan: { subnet: 10.0.0.0/24, members: [client, server], delay: 5ms }
traffic:
  - { name: web, on: server, serve: { http: {} } }
  - { name: ask, from: client, to: server, probe: { http: {} } }
captures: [client, server]
expect:
  - { flow: ask, failure: null }
`;

describe('loadFiles()', () => {
  it('lets a file that extends another change single keys of its parts', () => {
    const text = 'extends: base.yaml\nname: slow\nnetworks: { lan: { delay: 50ms } }\n';
    const plan = mustPlan(compileText(text, { 'base.yaml': BASE }));
    expect([plan.scenario, plan.description]).to.deep.equal(['slow', 'The base']);
    expect(plan.networks[0]?.subnets).to.deep.equal(['10.0.0.0/24']);
    expect(plan.networks[0]?.members[0]?.impairment?.delay).to.equal(50);
  });

  it('replaces traffic of the same name whole, and other lists, when extending', () => {
    const text = `extends: base.yaml
traffic: [{ name: ask, from: client, to: server, probe: { tcp: {} } , family: 4 }]
captures: [client]
expect: [{ flow: ask, failure: connection_reset }]
`.replace('to: server,', 'to: "server:80",');
    const plan = mustPlan(compileText(text, { 'base.yaml': BASE }));
    expect(plan.flows.map(({ probe }) => probe.kind)).to.deep.equal(['tcp']);
    expect(plan.services.map(({ name }) => name)).to.deep.equal(['web']);
    expect(plan.captures.map(({ node }) => node)).to.deep.equal(['client']);
    expect(plan.expectations).to.have.length(1);
  });

  it('adds the lists of included files', () => {
    const text = `include: [base.yaml, more.yaml]\ncaptures: []\nexpect: [{ flow: again, failure: null }]\n`;
    const more = 'traffic: [{ name: again, from: client, to: server, probe: { http: {} } }]\n';
    const plan = mustPlan(compileText(text, { 'base.yaml': BASE, 'more.yaml': more }));
    expect(plan.flows.map(({ name }) => name)).to.deep.equal(['ask', 'again']);
    expect(plan.captures).to.have.length(2);
    expect(plan.expectations).to.have.length(2);
  });

  it('resolves paths from the file that names them', () => {
    const files = {
      'parts/one.yaml': 'extends: ../base.yaml\n',
      'base.yaml': BASE,
    };
    expect(mustPlan(compileText('extends: parts/one.yaml\n', files)).scenario).to.equal('base');
  });

  it('shows a fault in the file that it came from', () => {
    const files = { 'base.yaml': BASE.replace('to: server', 'to: servr') };
    const { diagnostics } = compileText('extends: base.yaml\n', files);
    expect(diagnostics.map(({ code, span }) => [code, span.file, span.line])).to.deep.equal([
      ['S060', 'base.yaml', 9],
    ]);
  });

  it('takes the same file twice, but not itself', () => {
    const files = {
      'a.yaml': 'include: base.yaml\n',
      'b.yaml': 'include: base.yaml\n',
      'base.yaml': 'description: Shared\n',
      'x.yaml': 'include: y.yaml\n',
      'y.yaml': 'extends: x.yaml\n',
    };
    const lab = 'version: 1\nname: lab\nhosts: { a: {} }\n';
    expect(placesOf(compileText(`include: [a.yaml, b.yaml]\n${lab}`, files))).to.deep.equal([]);
    const { diagnostics } = compileText(`include: x.yaml\n${lab}`, files);
    expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).to.deep.equal([
      'S021 The file "x.yaml" leads back to itself: x.yaml -> y.yaml -> x.yaml',
    ]);
  });

  it('refuses a scenario of too many files', () => {
    const names = Array.from({ length: 70 }, (_, index) => `f${index}.yaml`);
    const files = Object.fromEntries(names.map((name) => [name, 'description: One of many\n']));
    const text = `version: 1\nname: lab\nhosts: { a: {} }\ninclude: [${names.join(', ')}]\n`;
    expect(compileText(text, files).diagnostics.map(({ code }) => code)).to.deep.equal(['S023']);
  });
});
