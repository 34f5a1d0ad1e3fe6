// How tunnels end: with the lab, whatever ends it; and by themselves, which is told.
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { recordOf, waitFor } from '../../lab/labs.ts';
import { obstacle, withComps } from './comps-lab.ts';
import { ROUND_ROBIN } from './comps.ts';
import { nameOf, wireguardsIn } from './wireguards.ts';

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

  it('tells that WireGuard ended, and of what', () =>
    withComps(WISH, async ({ lab, breaks }) => {
      const [victim = 0] = wireguardsIn(recordOf(lab.id).agentPid).filter((pid) =>
        readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('\0wg0\0'),
      );
      process.kill(victim, 'SIGKILL');
      await waitFor('a break', () => breaks().length > 0);
      expect(breaks()[0]).to.match(/^WireGuard of tunnel "wg0" on "(client|exit)" ended: SIGKILL$/);
    }));
});
