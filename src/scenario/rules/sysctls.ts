import type { ResolvedContainer } from '../resolve/container/spec.ts';
import { PLAN_SYSCTLS } from '../steps/node-steps.ts';
import type { Rule } from './rule.ts';

/** Kernel settings that each IPC or UTS namespace has its own of, and that engines therefore let containers set. */
const NAMESPACED = new Set([
  ...['kernel.msgmax', 'kernel.msgmnb', 'kernel.msgmni', 'kernel.sem', 'kernel.shmall'],
  ...['kernel.shmmax', 'kernel.shmmni', 'kernel.shm_rmid_forced', 'kernel.domainname'],
]);
const NAMESPACED_TREES = ['net.', 'fs.mqueue.'];
const FORWARDING = /^net\.ipv[46]\.(ip_forward|conf\.(all|default)\.forwarding)$/;
/** Settings of one interface: `net.ipv4.conf.eth0.rp_filter`. */
const INTERFACE = /^net\.ipv[46]\.(?:conf|neigh)\.([^.]+)\./;
const ALWAYS_THERE = new Set(['all', 'default', 'lo']);

/** Whether it is what a scenario says by `forwarding`. */
export const isForwarding = (key: string): boolean => FORWARDING.test(key);

/** Whether a container has a setting of its own. */
export const isNamespaced = (key: string): boolean =>
  NAMESPACED.has(key) || NAMESPACED_TREES.some((tree) => key.startsWith(tree));

/** Whether it is of an interface that is made later. */
export const isOfInterface = (key: string): boolean =>
  !ALWAYS_THERE.has(INTERFACE.exec(key)?.[1] ?? 'lo');

/** Kernel settings are a container's own, and none that the lab makes. */
export const sysctls: Rule = (context, { containers }) => {
  for (const container of containers.values())
    for (const key of Object.keys(container.spec.sysctls)) {
      const fault = faultOf(key, container);
      if (fault === undefined) continue;
      const [message, help] = fault;
      context.report('S123', [...container.path, 'sysctls', key], message, { key: true, help });
    }
};

type Fault = readonly [message: string, help: string];

function faultOf(key: string, { name, stack }: ResolvedContainer): Fault | undefined {
  if (!isNamespaced(key))
    return [
      `The setting "${key}" is the whole machine's: a container has none of its own`,
      'Remove it, or set it on the machine before the run',
    ];
  if (stack === 'machine' && key.startsWith('net.'))
    return [
      `The container "${name}" is on the stack of the machine, whose "${key}" is not for it to set`,
      'Remove it, or "network: machine"',
    ];
  if (stack !== 'namespace') return undefined;
  if (isForwarding(key))
    return [`The lab itself sets "${key}"`, 'Write "forwarding: true" or "forwarding: false"'];
  if (PLAN_SYSCTLS.has(key)) return [`The lab itself sets "${key}"`, 'Remove it'];
  const device = INTERFACE.exec(key)?.[1];
  if (device !== undefined && isOfInterface(key))
    return [
      `The container "${name}" has no interface "${device}" yet when its settings are made`,
      `Write "${key.replace(`.${device}.`, '.default.')}": interfaces made later take it on`,
    ];
  return undefined;
}
