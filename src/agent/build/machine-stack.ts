// The machine's own network stack: hosts that are in it, and links with an end there. Nothing of it is changed but what is made.
import { Fault } from '../../base/fault.ts';
import { inNamespace } from '../../kernel/namespace.ts';
import { findLink } from '../../kernel/netlink/find-link.ts';
import { setAlias } from '../../kernel/netlink/link.ts';
import { NetlinkError } from '../../kernel/netlink/socket.ts';
import { MACHINE_NET_FD } from '../../model/lab-mark.ts';
import type { LinkEnd, Plan, Step } from '../../model/plan.ts';
import { type StepMessage, exchangeSteps } from './exchange-steps.ts';
import type { Stacks } from './stacks.ts';
import { StepFault } from './step-fault.ts';

/** How a lab gets at the stack of a machine. */
const BECOME_ROOT = 'Run runner as root there, or give the machine "become: sudo"';

/** Hosts with `network: machine` are where the agent was started from. */
export function adoptMachineStacks(plan: Plan, stacks: Stacks): void {
  for (const { name, kind, stack } of plan.nodes) {
    if (kind !== 'host' || stack !== 'machine') continue;
    requireMachineStack(
      `Host "${name}" is to be machine "${machineName(plan, name)}" itself`,
      `${BECOME_ROOT}, or remove "network: machine" from the host`,
    );
    stacks.adoptMachine(name, MACHINE_NET_FD);
  }
}

/** Throws a machine fault that begins with `wish` when this process may not act in the machine's own stack. */
export function requireMachineStack(wish: string, help: string): void {
  try {
    inNamespace(MACHINE_NET_FD, () => undefined);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Fault('machine', `${wish}, whose network stack this user may not enter: ${reason}`, {
      help,
      cause,
    });
  }
}

/** What a link in the machine's stack says of itself there. */
export const linkAlias = (labId: string): string => `runner.lab=${labId}`;

/**
 * Makes a link with an end in the machine's stack by `message`. There the kernel gives the index, since others have theirs, and
 * whoever looks is told whose it is.
 */
export function makeMachineLink(
  { step, message }: StepMessage,
  ends: readonly LinkEnd[],
  stacks: Stacks,
  labId: string,
): void {
  const foreign = ends.filter(({ node }) => stacks.isMachine(node));
  try {
    inNamespace(stacks.fd(null), () => exchangeSteps([{ step, message }]));
  } catch (error) {
    throw explain(error, step, foreign);
  }
  for (const { node, interface: name } of foreign)
    inNamespace(stacks.fd(node), () => {
      const index = findLink(name);
      if (node === null || index === undefined)
        throw new StepFault(step, new Fault('run', `Interface "${name}" is gone again`));
      stacks.noteIndex(node, name, index);
      exchangeSteps([{ step, message: setAlias(index, linkAlias(labId)) }]);
    });
}

function explain(error: unknown, step: Step, foreign: readonly LinkEnd[]): unknown {
  const cause = error instanceof StepFault ? error.cause : error;
  if (!(cause instanceof NetlinkError) || cause.code !== 'EEXIST') return error;
  const taken = foreign.find(
    ({ interface: name }) => inNamespace(MACHINE_NET_FD, () => findLink(name)) !== undefined,
  );
  if (!taken) return error;
  return new StepFault(
    step,
    new Fault(
      'machine',
      `Host "${taken.node ?? ''}" needs an interface "${taken.interface}", and the machine has one of that name`,
      {
        help: 'Rename the host or the network, or end the other lab that has it ("runner ps")',
        cause,
      },
    ),
  );
}

const machineName = (plan: Plan, node: string): string =>
  plan.nodes.find(({ name }) => name === node)?.machine ?? '';
