import { expect } from 'chai';
import { findingComment } from '../../../src/scenario/finding/describe-finding.ts';
import { renderFindingScenario } from '../../../src/scenario/finding/render-scenario.ts';
import { compile } from '../../../src/scenario/compile.ts';
import { FINDING, MUTATION } from './samples.ts';
import { protocols } from '../../../src/cli/protocols.ts';

const LAB = `version: 1
name: lab
params: { port: { type: string, default: "6653" } }
hosts: { switch: {}, controller: {} }
networks: { net: { members: [switch, controller] } }
proxies:
  mitm:
    on: controller
    relay:
      listen: "tcp://*:\${params.port}"
      target: tcp://127.0.0.1:6654
      protocol: openflow
      rules: [{ direction: S->C, match: { type: HELLO }, do: { delay: 1ms } }]
      fuzz: { at: S->P, rate: 10% }
expect: [{ proxy: mitm, fuzzed: 3 }]
`;
const said = (text: string) => text.split('\n').filter((line) => line.startsWith('#'));

describe('scenario/finding/render-scenario', () => {
  it('renderFindingScenario() writes a scenario that does the mutation again and expects its answer', () => {
    const text = renderFindingScenario(FINDING, {
      ...{ scenario: 'lab', file: '../lab.yaml', params: { port: '7000' }, seed: 5 },
      ...{ relay: 'mitm', answerTimeout: 250, number: 3 },
    });
    expect(said(text)).to.deep.equal([
      `# Found by the fuzzer of the relay mitm: ${findingComment(FINDING)}`,
      '# runner apply --seed 5 does it again.',
    ]);
    const { plan, diagnostics } = compile(
      { file: 'findings/a.yaml', text },
      {
        seed: 5,
        readFile: () => ({ ok: true, value: LAB }),
        readBytes: () => ({ ok: false, error: 'none' }),
        protocols: protocols(),
      },
    );
    expect(diagnostics).to.deep.equal([]);
    const relay = plan?.proxies?.[0]?.relay;
    expect(relay?.listen).to.include({ port: 7000 });
    expect(relay?.rules).to.have.length(1);
    expect(relay?.fuzz).to.deep.include({ at: ['S->P'], answerTimeout: 250, only: [MUTATION] });
    expect(plan?.expectations).to.have.length(1);
    expect(plan?.expectations[0]).to.deep.include({
      proxy: 'mitm',
      finding: { answer: 'ERROR BAD_ACTION 99', count: { min: 1, max: null, text: '>=1' } },
    });
  });
});
