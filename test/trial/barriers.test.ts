import { expect } from 'chai';
import { LOCAL } from '../../src/model/machine.ts';
import type { Flow } from '../../src/model/traffic.ts';
import { createBarriers } from '../../src/trial/barriers.ts';
import { now } from '../../src/trial/clock.ts';

const flow = (name: string, barrier?: string): Flow => ({
  name,
  from: 'client',
  schedule: { at: 0, after: [], repeat: 2, pace: null, for: null, concurrency: 1 },
  ...(barrier !== undefined && { barrier }),
  probe: { kind: 'run', argv: ['true'], environment: {}, timeout: 1000, background: false },
});
const open = (): Promise<void> => Promise.resolve();

describe('createBarriers()', () => {
  const [a, b, c] = [flow('a', 'go'), flow('b', 'go'), flow('c')];
  const barriers = (): ReturnType<typeof createBarriers> =>
    createBarriers({ flows: [a, b, c], machines: [LOCAL] });

  it('gives all flows of a barrier one moment to come, once all of them are open', async () => {
    const at = barriers();
    const seen: string[] = [];
    const first = at.pass({ flow: a, attempt: 1 }, open).finally(() => seen.push('a'));
    await new Promise(setImmediate);
    expect(seen).to.deep.equal([]);
    const second = await at.pass({ flow: b, attempt: 1 }, open);
    expect(second).to.equal(await first);
    expect(second).to.be.above(now());
  });

  it('holds neither later attempts nor flows without one', async () => {
    const at = barriers();
    const refuse = (): Promise<void> => Promise.reject(new Error('not asked'));
    expect(await at.pass({ flow: a, attempt: 2 }, refuse)).to.equal(null);
    expect(await at.pass({ flow: c, attempt: 1 }, refuse)).to.equal(null);
  });

  it('fails all when one cannot be opened', async () => {
    const at = barriers();
    const first = at.pass({ flow: a, attempt: 1 }, open).catch(String);
    const refuse = (): Promise<void> => Promise.reject(new Error('port taken'));
    expect(await at.pass({ flow: b, attempt: 1 }, refuse).catch(String)).to.include('port taken');
    expect(await first).to.include('port taken');
  });
});
