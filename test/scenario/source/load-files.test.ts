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

describe('ScenarioFiles', () => {
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

  const CENSORED = `version: 1
name: censored
hosts: { client: {}, middle: {}, server: {} }
networks: { inside: { members: [client, middle] }, outside: { members: [middle, server] } }
censor: { on: middle, rules: [{ name: old, match: {}, action: drop }] }
`;
  const censorsOf = (text: string, base = CENSORED): unknown =>
    mustPlan(compileText(text, { 'base.yaml': base })).censors.map(({ name, rules }) => [
      name,
      ...rules.map((rule) => rule.name),
    ]);
  const OWN = 'on: middle, rules: [{ name: new, match: {}, action: reset }]';

  for (const how of ['extends', 'include'])
    it(`replaces the censor of the same name, given or derived, by ${how}`, () => {
      const named = CENSORED.replace('{ on', '{ name: censor-middle, on');
      for (const base of [CENSORED, named])
        for (const own of [`{ ${OWN} }`, `[{ ${OWN} }]`, `{ name: censor-middle, ${OWN} }`])
          expect(censorsOf(`${how}: base.yaml\ncensor: ${own}\n`, base)).to.deep.equal([
            ['censor-middle', 'new'],
          ]);
      expect(censorsOf(`${how}: base.yaml\ncensor: { name: other, ${OWN} }\n`)).to.deep.equal([
        ['censor-middle', 'old'],
        ['other', 'new'],
      ]);
    });

  it('keeps two parts of one name in one file, for the rules to refuse', () => {
    const twice = `extends: base.yaml\ncensor: [{ ${OWN} }, { ${OWN} }]\n`;
    expect(placesOf(compileText(twice, { 'base.yaml': CENSORED }))).to.deep.equal(['S084 2:82']);
    const ask = '{ name: ask, from: client, to: server, probe: { http: {} } }';
    const traffic = `extends: base.yaml\ntraffic: [${ask}, ${ask}]\n`;
    const { diagnostics } = compileText(traffic, { 'base.yaml': BASE });
    expect(diagnostics.map(({ code }) => code)).to.deep.equal(['S090']);
  });

  it('adds the references of included files, lone ones too', () => {
    const text = 'include: base.yaml\nreferences: https://b.example/\n';
    const base = `${CENSORED}references: [17]\n`;
    expect(placesOf(compileText(text, { 'base.yaml': base }))).to.deep.equal(['S042 6:14']);
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
