// What the timeline says of censors, proxies and tunnels: told to the lab, and noted once it is in force.
import type { Lab } from '../lab/lab.ts';
import type { Control } from '../model/traffic.ts';
import type { RunEvent } from '../report/report.ts';
import { now } from './clock.ts';
import { LIMITS } from './limits.ts';

const DONE = { stop: 'stopped', start: 'started', reload: 'reloaded' } as const;

export async function carryOut(
  lab: Pick<Lab, 'call'>,
  control: Control,
  log: (event: RunEvent) => void,
): Promise<void> {
  const { name } = control;
  if ('proxy' in control) {
    const { proxy, do: change } = control;
    await lab.call('controlProxy', { proxy, change }, LIMITS.control);
    const state = change.enabled ? 'enabled' : 'disabled';
    const part = change.kind === 'proxy' ? {} : { [change.kind]: change.name };
    log({ kind: 'proxy-control', time: now(), control: name, proxy, ...part, state });
    return;
  }
  if ('tunnel' in control) {
    const { tunnel, do: change } = control;
    await lab.call('controlTunnel', { tunnel, change }, LIMITS.control);
    const state = change.kind === 'switch' ? { to: change.to } : { migrates: change.enabled };
    log({ kind: 'tunnel-control', time: now(), control: name, tunnel, ...state });
    return;
  }
  const { censor, do: change } = control;
  await lab.call('controlCensor', { censor, change }, LIMITS.control);
  log({ kind: 'control', time: now(), control: name, censor, state: DONE[change.kind] });
}
