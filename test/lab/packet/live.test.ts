import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'chai';
import type { AgentEvent } from '../../../src/model/rpc.ts';

const run = promisify(execFile);
const EXPERIMENT = new URL('./live.experiment.ts', import.meta.url).pathname;

interface Outcome {
  readonly events: readonly AgentEvent[];
}
interface Transferred {
  readonly length: number;
  readonly isEqual: boolean;
}

/** In a user namespace of its own: what an ordinary user has. */
async function experiment<T>(name: string): Promise<T & Outcome> {
  const namespaces = ['--user', '--map-root-user', '--net', '--mount'];
  const node = [process.execPath, '--import', 'ts-blank-space/register', EXPERIMENT, name];
  const { stdout } = await run('unshare', [...namespaces, '--', ...node], { timeout: 80_000 });
  return JSON.parse(stdout) as T & Outcome;
}

const lastOf = (events: readonly AgentEvent[]): Extract<AgentEvent, { kind: 'statistics' }> => {
  const last = events.findLast((event) => event.kind === 'statistics');
  if (last?.kind !== 'statistics') throw new Error('The censor told nothing of itself');
  return last;
};
const losses = (events: readonly AgentEvent[]): AgentEvent[] =>
  events.filter(({ kind }) => kind === 'loss');

describe('agent/packet, while traffic passes', function () {
  this.timeout(100_000);

  it('the kernel carries flows that are decided, IPv4 and IPv6: whole, counted and captured', async () => {
    const { v4, v6, captured, events } = await experiment<{
      v4: Transferred;
      v6: Transferred;
      captured: string;
    }>('carry');
    for (const { length, isEqual } of [v4, v6]) {
      expect(length).to.equal(20_000_000);
      expect(isEqual).to.equal(true);
    }
    const { statistics, path } = lastOf(events);
    // 40 MB each way are some 55,000 segments.
    expect(path.carriedPackets).to.be.above(40_000);
    expect(statistics.packets).to.be.below(path.carriedPackets / 4);
    expect(statistics.flows).to.equal(2);
    expect(captured).to.match(/\| +2000 \|/);
    expect(losses(events)).to.deep.equal([]);
  });

  it('where the kernel takes no filters, all flows go by the censor, decided or not', async () => {
    const { v4, v6, outcomes, events } = await experiment<{
      v4: Transferred;
      v6: Transferred;
      outcomes: Record<string, string>;
    }>('unhooked');
    expect([v4.isEqual, v6.isEqual]).to.deep.equal([true, true]);
    expect(outcomes).to.deep.equal({ 80: 'echo', 81: 'echo', 82: 'timeout' });
    const { statistics, path } = lastOf(events);
    expect(path).to.include({ carriedFlows: 0, carriedPackets: 0 });
    expect(statistics.packets).to.be.above(10_000);
  });

  it('control() reloads rules under load: nothing is lost but what they say', async () => {
    const { server, outcomes, events } = await experiment<{
      server: Transferred;
      outcomes: Record<string, string>;
    }>('reload');
    expect(server.isEqual).to.equal(true);
    expect(outcomes).to.deep.equal({ 80: 'echo', 81: 'ECONNREFUSED', 82: 'timeout' });
    expect(losses(events)).to.deep.equal([]);
  });

  it('a flood of 100,000 connections leaves the censor working, and others their connections', async () => {
    const { server, outcomes, events } = await experiment<{
      server: Transferred;
      outcomes: Record<string, string>;
    }>('flood');
    expect(server.isEqual).to.equal(true);
    expect(outcomes).to.deep.equal({ 80: 'echo', 81: 'ECONNREFUSED', 82: 'echo' });
    const { statistics } = lastOf(events);
    expect(statistics.flows).to.be.at.least(100_000);
    expect(statistics.known).to.be.at.most(65_536);
  });
});
