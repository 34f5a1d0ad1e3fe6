import { expect } from 'chai';
import type { AgentEvent } from '../../src/model/rpc.ts';
import type { TunnelRecord } from '../../src/model/tunnel.ts';
import type { RunEvent } from '../../src/report/report.ts';
import { Tally } from '../../src/roles/mirror/tally.ts';
import { type ArmNotes, newNotes } from '../../src/trial/arm.ts';
import type { Progress } from '../../src/trial/progress.ts';
import { takeEvent } from '../../src/trial/take-event.ts';

const TIME = 1_790_000_000_000_000;
const record: TunnelRecord = {
  ...{ name: 'wg0', implementation: 'wireguard-go', version: '0.0.20220316' },
  handshakes: { client: true, server: true },
  paths: [],
  switches: [{ time: TIME, to: 'wgnet2', micros: 300 }],
  ...{ switched: 1, leaked: 0 },
};

interface Taken {
  readonly notes: ArmNotes;
  readonly logged: readonly RunEvent[];
  readonly updates: readonly string[];
  readonly breaks: readonly string[];
}

/** What becomes of events, one after the other. */
function take(...events: readonly AgentEvent[]): Taken {
  const notes = newNotes();
  const logged: RunEvent[] = [];
  const updates: string[] = [];
  const breaks: string[] = [];
  const progress: Progress = {
    note: () => undefined,
    begin: () => undefined,
    update: (detail) => void updates.push(detail),
    end: () => undefined,
    fail: () => undefined,
    warn: () => undefined,
  };
  const cut = {
    guard: <T>(work: Promise<T>): Promise<T> => work,
    breakWith: ({ message }: Error) => void breaks.push(message),
  };
  for (const event of events)
    takeEvent(event, { log: (one) => void logged.push(one), progress }, notes, cut);
  return { notes, logged, updates, breaks };
}

describe('takeEvent()', () => {
  it('keeps the last that a tunnel tells of itself, and none of it as evidence', () => {
    const later = { ...record, switched: 2, leaked: 3 };
    const { notes, logged } = take(
      { kind: 'tunnel-statistics', time: TIME, ...record },
      { kind: 'tunnel-statistics', time: TIME + 1, ...record, name: 'wgnet1' },
      { kind: 'tunnel-statistics', time: TIME + 2, ...later },
    );
    expect([...notes.tunnels.keys()]).to.deep.equal(['wg0', 'wgnet1']);
    expect(notes.tunnels.get('wg0')).to.deep.equal(later);
    expect(logged).to.deep.equal([]);
    expect(notes.events).to.deep.equal([]);
  });

  it('keeps the last that a mirror tells of itself, and none of it as evidence', () => {
    const places = { name: 'shadow', online: 'web', target: 'copy', assistant: 'third' };
    const told = { ...places, statistics: new Tally().snapshot(), comparison: null };
    const later = { ...told, statistics: { ...told.statistics, reopened: 1 } };
    const { notes, logged } = take(
      { kind: 'mirror-statistics', time: TIME, ...told },
      { kind: 'mirror-statistics', time: TIME + 1, ...later },
    );
    expect([...notes.mirrors]).to.deep.equal([['shadow', later]]);
    expect(logged).to.deep.equal([]);
    expect(notes.events).to.deep.equal([]);
  });

  it('takes what became of a copy for evidence', () => {
    const opened = { kind: 'opened', time: TIME, copy: 1, client: '10.0.0.1:40000' } as const;
    const event: AgentEvent = {
      ...{ kind: 'mirror', node: 'web', mirror: 'shadow', time: TIME },
      news: { ...opened, as: '10.0.0.1:40000', isWhole: true },
    };
    const { notes, logged } = take(event);
    expect(logged).to.deep.equal([event]);
    expect(notes.events).to.deep.equal([event]);
  });

  it('takes a switch of a tunnel for evidence', () => {
    const event: AgentEvent = {
      ...{ kind: 'tunnel-switch', node: 'client', tunnel: 'wg0' },
      ...{ time: TIME, to: 'wgnet2', micros: 300 },
    };
    const { notes, logged, breaks } = take(event);
    expect(logged).to.deep.equal([event]);
    expect(notes.events).to.deep.equal([event]);
    expect(breaks).to.deep.equal([]);
  });

  it('breaks the run when something ended that should not have', () => {
    const message = 'WireGuard of tunnel "wg0" on "client" ended: SIGKILL';
    const { logged, breaks } = take({
      kind: 'broken',
      time: TIME,
      fault: { kind: 'run', message },
    });
    expect(breaks).to.deep.equal([message]);
    expect(logged).to.have.length(1);
  });

  it('shows how far something is, and keeps the output of programs to their logs', () => {
    const { logged, updates } = take(
      { kind: 'progress', time: TIME, text: 'half' },
      { kind: 'log', time: TIME, node: 'client', role: 'page', line: 'said' },
    );
    expect(updates).to.deep.equal(['half']);
    expect(logged).to.deep.equal([]);
  });
});
