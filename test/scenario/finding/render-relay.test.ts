import { expect } from 'chai';
import { protocols } from '../../../src/cli/protocols.ts';
import { compileRelay } from '../../../src/scenario/compile-relay.ts';
import { renderFindingRelay } from '../../../src/scenario/finding/render-relay.ts';
import { FINDING, MUTATION } from './samples.ts';

describe('scenario/finding/render-relay', () => {
  it('renderFindingRelay() writes rules that do the mutation again, with all others', () => {
    const rules = `rules: [{ direction: C->S, match: { type: HELLO }, do: drop }]
faults: [{ name: slow, latency: { latency: 20ms } }]
fuzz: { at: S->P, messages: FLOW_MOD }
`;
    const text = renderFindingRelay(FINDING, {
      ...{ file: '/etc/rules.yaml', text: rules, over: { protocol: 'openflow' } },
      ...{ seed: 1, answerTimeout: 1000 },
    });
    const { relay, diagnostics } = compileRelay(
      { file: 'finding.yaml', text },
      { listen: ':1', target: ':2', over: {} },
      {
        readFile: () => ({ ok: false, error: 'none' }),
        readBytes: () => ({ ok: false, error: 'none' }),
        protocols: protocols(),
      },
    );
    expect(diagnostics).to.deep.equal([]);
    expect(relay?.rules).to.have.length(1);
    expect(relay?.faults[0]).to.include({ name: 'slow', latency: 20 });
    expect(relay?.fuzz?.only).to.deep.equal([MUTATION]);
  });
});
