import { expect } from 'chai';
import type { ScriptParty } from '../../../../src/model/script.ts';
import { compileText, mustPlan } from '../../compile-text.ts';

const LAB = `version: 1
name: lab
hosts: { client: {}, server: {} }
networks: { lab: { subnet: 10.10.1.0/24, members: [client, server] } }
traffic:
  - { name: web, on: server, serve: { http: {} } }
  - { name: echo, on: server, serve: { echo: { udp: 7 } } }
`;

function partiesOf(entry: string): readonly ScriptParty[] {
  const { flows } = mustPlan(compileText(`${LAB}  - { name: flow, ${entry} }\n`));
  const probe = flows[0]?.probe;
  return probe?.kind === 'script' ? probe.parties : [];
}

const lengthsOf = (entry: string): readonly number[] =>
  partiesOf(entry).map(({ program }) => program.length);

describe('leaveToServices()', () => {
  const script = 'script: [{ client: { send: hello } }]';

  it('leaves the side of a party without steps to the service on its port', () => {
    expect(lengthsOf(`between: [client, server:80], ${script}`)).to.deep.equal([1, 0]);
    expect(lengthsOf(`between: [client, server:7], transport: udp, ${script}`)).to.deep.equal([
      1, 0,
    ]);
  });

  it('lets it await what comes where no service listens', () => {
    expect(lengthsOf(`between: [client, server:7], ${script}`)).to.deep.equal([1, 1]);
    expect(lengthsOf(`between: [client, server:80], transport: udp, ${script}`)).to.deep.equal([
      1, 1,
    ]);
    expect(lengthsOf(`between: [server, client:80], ${script}`)).to.deep.equal([1, 1]);
  });

  it('refuses steps of a party where a service listens', () => {
    const { diagnostics } = compileText(
      `${LAB}  - { name: flow, between: [client, server:80], script: [{ server: { send: hello } }] }\n`,
    );
    expect(diagnostics.map(({ code }) => code)).to.deep.equal(['S159']);
  });
});
