import type { Flow } from '../../src/model/traffic.ts';
import { driveTraffic } from '../../src/trial/drive-traffic.ts';
import { expect } from 'chai';

const flow = (name: string, schedule: Partial<Flow['schedule']> = {}): Flow => ({
  name,
  from: 'client',
  schedule: { at: 0, after: [], repeat: 1, pace: null, for: null, concurrency: 1, ...schedule },
  probe: { kind: 'run', argv: ['true'], environment: {}, timeout: 1000, background: false },
});
const open = new AbortController().signal;

describe('driveTraffic()', () => {
  it('runs flows in their order and resolves when all have ended', async () => {
    const log: string[] = [];
    const flows = [flow('b', { after: ['a'], at: 5 }), flow('a', { repeat: 2 })];
    await driveTraffic(
      flows,
      async ({ flow: { name }, attempt }) => {
        log.push(`${name}${attempt}`);
        await Promise.resolve();
      },
      open,
    );
    expect(log).to.deep.equal(['a1', 'a2', 'b1']);
  });

  it('rejects as soon as an attempt does', async () => {
    const failing = driveTraffic([flow('a')], () => Promise.reject(new Error('broken')), open);
    expect(await failing.catch((error: unknown) => String(error))).to.include('broken');
  });

  it('does what must follow a flow before those that wait for it begin', async () => {
    const log: string[] = [];
    const settling = {
      flows: new Set(['a']),
      settle: async ({ name }: Flow): Promise<void> => {
        await new Promise(setImmediate);
        log.push(`after ${name}`);
      },
    };
    await driveTraffic(
      [flow('b', { after: ['a'] }), flow('a', { repeat: 2 })],
      async ({ flow: { name } }) => {
        log.push(name);
        await Promise.resolve();
      },
      open,
      settling,
    );
    expect(log).to.deep.equal(['a', 'a', 'after a', 'b']);
  });

  it('rejects when what must follow a flow fails', async () => {
    const settling = { flows: new Set(['a']), settle: () => Promise.reject(new Error('no file')) };
    const failing = driveTraffic([flow('a')], () => Promise.resolve(), open, settling);
    expect(await failing.catch((error: unknown) => String(error))).to.include('no file');
  });

  it('starts nothing once it is stopped', async () => {
    const stop = new AbortController();
    const started: number[] = [];
    const running: (() => void)[] = [];
    void driveTraffic(
      [flow('a', { repeat: 3 })],
      ({ attempt }) => {
        started.push(attempt);
        return new Promise((resolve) => running.push(resolve));
      },
      stop.signal,
    );
    stop.abort();
    running[0]?.();
    await new Promise(setImmediate);
    expect(started).to.deep.equal([1]);
  });

  it('refuses flows that wait for each other', async () => {
    const flows = [flow('a', { after: ['b'] }), flow('b', { after: ['a'] })];
    const refused = driveTraffic(flows, () => Promise.resolve(), open);
    expect(await refused.catch((error: unknown) => String(error))).to.include(
      'refused by the compiler',
    );
  });
});
