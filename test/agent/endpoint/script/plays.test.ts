import { expect } from 'chai';
import type { EndpointThread } from '../../../../src/agent/endpoint/endpoint-thread.ts';
import { createPlays } from '../../../../src/agent/endpoint/script/plays.ts';
import { Fault } from '../../../../src/base/fault.ts';
import { script } from '../../../lab/endpoint/scripts.ts';
import { flow } from '../../../lab/endpoint/two-nodes.ts';

describe('createPlays()', () => {
  it('ends the other parties of a play when the thread of one breaks', async () => {
    const spec = script([], []);
    const ended: string[] = [];
    const thread = (node: string): EndpointThread => ({
      call: (method) => {
        if (method === 'endPlay') ended.push(node);
        if (method !== 'play') return Promise.resolve(null as never);
        if (node === 'server') return Promise.reject(new Fault('run', 'The thread is gone'));
        return new Promise(() => undefined);
      },
      terminate: () => Promise.resolve(),
    });
    const raw = { open: refuse, run: refuse, giveUp: refuse, stop: refuse };
    const plays = createPlays({ nodes: new Set(['client', 'server']), thread, raw });
    const running = plays.run(flow('talk', spec), spec, 1, null).catch((error: unknown) => error);
    expect(await running).to.include({ message: 'The thread is gone' });
    expect(ended).to.include('client');
  });
});

const refuse = (): never => {
  throw new Error('No raw endpoints here');
};
