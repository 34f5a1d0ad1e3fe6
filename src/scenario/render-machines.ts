// The machines of a plan for people: how each is reached, and how the others reach it.
import { formatMillis } from '../base/units.ts';
import { shellPath } from '../base/shell-words.ts';
import { LOCAL_MACHINE, type PlanMachine, describeHop } from '../model/machine.ts';
import type { Plan } from '../model/plan.ts';

/** Whether anything of the plan is on another machine than the one that runner is on. */
export const isSpread = ({ machines }: Pick<Plan, 'machines'>): boolean =>
  machines.some(({ name }) => name !== LOCAL_MACHINE);

/** None for a plan that is on the machine that runner is on and nowhere else. */
export const renderMachines = (plan: Pick<Plan, 'machines'>): string[] =>
  isSpread(plan) ? plan.machines.map(renderMachine) : [];

function renderMachine({ name, ssh, become, underlay, deadMan }: PlanMachine): string {
  const jumps = ssh?.jumps ?? null;
  const words = [
    name,
    ssh === null ? 'here' : `ssh ${describeHop(ssh)}`,
    jumps === null
      ? ''
      : jumps.length === 0
        ? 'without a jump'
        : `through ${jumps.map(describeHop).join(', ')}`,
    files('identity', ssh?.identities ?? []),
    files('known hosts', ssh?.knownHosts ?? []),
    become === null ? '' : `becomes root by ${become}`,
    underlay.address === null ? '' : `underlay ${underlay.address}`,
    underlay.wireguard === null ? '' : `WireGuard on UDP port ${underlay.wireguard.port}`,
    ssh === null ? '' : `dead man ${formatMillis(deadMan)}`,
  ];
  return words.filter(Boolean).join('  ');
}

const files = (what: string, paths: readonly string[]): string =>
  paths.length === 0 ? '' : `${what} ${paths.map(shellPath).join(' ')}`;
