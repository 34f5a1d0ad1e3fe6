/** Exit codes of the command line (docs/cli.md). */
export const EXIT = {
  ok: 0,
  expectationFailed: 1,
  badScenario: 2,
  machineCannot: 3,
  runBroke: 4,
  interrupted: 130,
  terminated: 143,
} as const;

export type FaultKind = 'usage' | 'machine' | 'run';

/** A fault of the world: says where, what was wished, what was found and what to do. */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly kind: FaultKind;
  /** The command or change that mends it, when there is one. */
  readonly help: string | undefined;

  /** `kind` decides the exit code: usage 2, machine 3 (it cannot do it), run 4 (it broke midway). */
  constructor(
    kind: FaultKind,
    message: string,
    options: { help?: string | undefined; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.kind = kind;
    this.help = options.help;
  }

  get exitCode(): number {
    return { usage: EXIT.badScenario, machine: EXIT.machineCannot, run: EXIT.runBroke }[this.kind];
  }
}
