import { expect } from 'chai';
import { Calls } from '../../../src/agent/thread/calls.ts';

describe('agent/thread/calls', () => {
  it('gives each question its own answer, once', async () => {
    const calls = new Calls<string>();
    const [first, second] = [calls.open(), calls.open()];
    calls.resolve(second.id, 'two');
    calls.resolve(first.id, 'one');
    calls.resolve(first.id, 'again');
    expect(await Promise.all([first.answer, second.answer])).to.deep.equal(['one', 'two']);
  });

  it('fails one question, or all that wait', async () => {
    const calls = new Calls<string>();
    const all = [calls.open(), calls.open(), calls.open()];
    const settled = Promise.allSettled(all.map(({ answer }) => answer));
    calls.reject(all[0]?.id ?? 0, new Error('no'));
    calls.resolve(all[1]?.id ?? 0, 'yes');
    calls.rejectAll(new Error('over'));
    const words = (await settled).map((each) =>
      each.status === 'fulfilled' ? each.value : String(each.reason),
    );
    expect(words).to.deep.equal(['Error: no', 'yes', 'Error: over']);
  });
});
