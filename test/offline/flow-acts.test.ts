import { expect } from 'chai';
import { FlowActs } from '../../src/offline/flow-acts.ts';

describe('FlowActs', () => {
  it('notes each act of a flow once, and only some', () => {
    const acts = new FlowActs();
    expect(acts.of(3)).to.deep.equal([]);
    for (let at = 0; at < 40; at += 1)
      acts.note(3, { rule: `rule ${at % 20}`, action: 'drop', detail: '', frame: at });
    expect(acts.of(3)).to.have.lengthOf(16);
    expect(acts.of(3)[3]).to.include({ frame: 3 });
    expect(acts.of(4)).to.deep.equal([]);
  });

  it('forgets a flow without changing what was given of it', () => {
    const acts = new FlowActs();
    acts.note(1, { rule: 'names', action: 'reset', detail: '', frame: 9 });
    const given = acts.of(1);
    acts.forget(1);
    expect(acts.of(1)).to.deep.equal([]);
    expect(given).to.have.lengthOf(1);
  });
});
