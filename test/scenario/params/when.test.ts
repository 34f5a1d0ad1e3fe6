import { expect } from 'chai';
import { compileText, placesOf, planOf } from '../compile-text.ts';

const LAB = `version: 1
name: lab
params: { extra: { type: boolean, default: false } }
hosts:
  client: {}
  server: {}
  spare: { when: "\${params.extra}" }
networks:
  lan: { members: [client, server, spare] }
  second: { members: [client, server], when: false }
traffic:
  - { name: web, on: server, serve: { http: {} } }
  - { name: ask, from: client, to: server, probe: { http: {} } }
  - { name: other, from: spare, to: server, probe: { http: {} }, when: "\${params.extra}" }
captures: [client, spare]
expect:
  - { flow: ask, failure: null }
  - { flow: other, failure: null, when: "\${params.extra}" }
`;

describe('withoutSwitchedOff()', () => {
  it('leaves out hosts, networks, flows and expectations, and members and captures of such hosts', () => {
    const plan = planOf(LAB);
    expect(plan.nodes.map(({ name }) => name)).to.deep.equal(['client', 'server']);
    expect(plan.networks.map(({ name, members }) => [name, members.length])).to.deep.equal([
      ['lan', 2],
    ]);
    expect(plan.flows.map(({ name }) => name)).to.deep.equal(['ask']);
    expect(plan.captures).to.have.length(1);
    expect(plan.expectations).to.have.length(1);
  });

  it('keeps them when the parameter says so', () => {
    const plan = planOf(LAB, { params: { extra: 'true' } });
    expect(plan.nodes).to.have.length(3);
    expect(plan.flows).to.have.length(2);
    expect(plan.captures).to.have.length(2);
    expect(plan.expectations).to.have.length(2);
  });

  it('still looks for faults in what is switched off', () => {
    expect(
      placesOf(compileText(LAB.replace('when: false', 'when: false, dely: 5ms'))),
    ).to.deep.equal(['S040 10:53']);
  });

  it('finds fault with what speaks of a host or flow that is switched off', () => {
    const text = LAB.replace(', when: "${params.extra}" }\ncaptures', ' }\ncaptures');
    expect(placesOf(compileText(text))).to.deep.equal(['S061 14:26']);
    const expectation = LAB.replace('failure: null, when: "${params.extra}" }', 'failure: null }');
    expect(placesOf(compileText(expectation))).to.deep.equal(['S110 18:13']);
  });
});
