// How tunnels end: with the lab, whatever ends it; and by themselves, which is told.
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { expect } from 'chai';
import { recordOf, waitFor } from '../../lab/labs.ts';
import { obstacle, withComps } from './comps-lab.ts';
import { ROUND_ROBIN } from './comps.ts';

const WISH = { isDocumented: false, migration: ROUND_ROBIN } as const;

describe('agent/tunnel/devices', function () {
  this.timeout(60_000);
  const reason = obstacle();
  before(function () {
    if (reason === undefined) return;
    this.test?.parent?.tests.forEach((test) => (test.title += ` (skipped: ${reason})`));
    this.skip();
  });

  it('leaves no process after kill -9 of the agent', () =>
    withComps(WISH, async ({ lab }) => {
      const { agentPid } = recordOf(lab.id);
      const found = wireguardsIn(agentPid);
      expect(found).to.have.length(8);
      process.kill(agentPid, 'SIGKILL');
      await waitFor('WireGuard to end', () => found.every((pid) => nameOf(pid) === ''));
    }));

  it('tells that WireGuard ended, and of what, and not that its interface is gone', () =>
    withComps({ ...WISH, isCaptured: true }, async ({ lab, breaks }) => {
      await lab.call('startCaptures', {}, 10_000);
      const victims = wireguardsIn(recordOf(lab.id).agentPid).filter((pid) =>
        readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('\0wgnet1\0'),
      );
      expect(victims).to.have.length(2);
      // Of the client's end captures and the migration, which is at its next turn soon, lose the interface.
      for (const pid of victims) process.kill(pid, 'SIGKILL');
      await waitFor('both ends', () => breaks().length >= 2);
      expect(breaks().toSorted()).to.deep.equal(
        ['client', 'proxy1'].map(
          (node) => `WireGuard of tunnel "wgnet1" on "${node}" ended: SIGKILL`,
        ),
      );
    }));
});

/** Processes of wireguard-go in the PID namespace that an agent is in. */
const wireguardsIn = (agent: number): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => nameOf(pid) === 'wireguard-go' && namespaceOf(pid) === namespaceOf(agent));

const nameOf = (pid: number): string =>
  read(() => readFileSync(`/proc/${pid}/comm`, 'utf8').trim());
const namespaceOf = (pid: number): string => read(() => readlinkSync(`/proc/${pid}/ns/pid`));

/** Empty of one that has ended. */
function read(what: () => string): string {
  try {
    return what();
  } catch {
    return '';
  }
}
