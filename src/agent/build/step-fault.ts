import { Fault } from '../../base/fault.ts';
import type { Step } from '../../model/plan.ts';

/** What mends an errno that a lab can run into, by its name. */
const HELP: Readonly<Record<string, string>> = {
  EPERM: 'Run "runner doctor": this machine withholds a permission that a lab needs',
  EACCES: 'Run "runner doctor": this machine withholds a permission that a lab needs',
  EEXIST: 'Two parts of the scenario ask for the same thing: rename or remove one',
  ENOSPC: 'Raise the limit: "sudo sysctl -w user.max_net_namespaces=65536"',
  EMFILE: 'Raise the limit of open files: "ulimit -n 65536" before the run',
  ENFILE: 'Raise the limit of open files: "sudo sysctl -w fs.file-max=1000000"',
  ENOMEM: 'Make the scenario smaller, or run it on a machine with more memory',
  EOPNOTSUPP: 'This kernel lacks the feature: run "runner doctor" to see which',
  ENETUNREACH: "Give the route a next hop in one of the node's own networks",
  EHOSTUNREACH: "Give the route a next hop in one of the node's own networks",
};

/** A fault that knows the step at which the lab broke. */
export class StepFault extends Fault {
  readonly step: string;

  constructor(step: Step, cause: unknown, help?: string) {
    const code = errorCode(cause);
    const reason = cause instanceof Error ? cause.message : String(cause);
    const found = code === undefined || reason.includes(code) ? reason : `${code}: ${reason}`;
    const isFault = cause instanceof Fault;
    super(
      isFault ? cause.kind : 'machine',
      // A Fault says what it is about; what a tool or the kernel says needs the command that it is said of.
      isFault
        ? `${found} (step "${step.id}")`
        : `Step "${step.id}" failed: "${step.command}" gave ${found}`,
      {
        help:
          help ??
          (isFault ? cause.help : undefined) ??
          (code === undefined ? undefined : HELP[code]),
        cause,
      },
    );
    this.step = step.id;
  }
}

function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Runs `action`, whose failure is the step's. */
export function atStep<T>(step: Step, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw error instanceof StepFault ? error : new StepFault(step, error);
  }
}
