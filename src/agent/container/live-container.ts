// One container that exists, and what is known of it without asking the engine.
import { constants } from 'node:os';
import type { ContainerRecord, ContainerSpec, HealthcheckSpec } from '../../model/container.ts';
import type { PlanNode } from '../../model/plan.ts';
import type { ContainerState } from '../../engine/engine.ts';
import type { ContainerOutput } from './output.ts';

/** How it ended. */
export interface Exit {
  readonly code: number;
  readonly oomKilled: boolean;
}

export class LiveContainer {
  readonly node: string;
  readonly stack: PlanNode['stack'];
  readonly spec: ContainerSpec;
  readonly healthcheck: HealthcheckSpec | null;
  /** The engine's. */
  readonly id: string;
  /** Settles when it has ended. */
  readonly exited: Promise<Exit>;
  readonly files: string[] = [];
  output: ContainerOutput | undefined;
  exit: Exit | undefined;
  /** `performance.now()` when its gate was opened. */
  openedAt: number | undefined;
  /** When its program had taken its place. */
  passedAt: number | undefined;
  readyAt: number | undefined;
  /** Whether the engine has started it, be it that it waits at its gate. */
  isStarted = false;
  #oomKilled = false;
  #settle: (exit: Exit) => void = () => undefined;

  constructor(
    { name, stack }: Pick<PlanNode, 'name' | 'stack'>,
    spec: ContainerSpec,
    healthcheck: HealthcheckSpec | null,
    id: string,
  ) {
    this.node = name;
    this.stack = stack;
    this.spec = spec;
    this.healthcheck = healthcheck;
    this.id = id;
    this.exited = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  noteOutOfMemory(): void {
    this.#oomKilled = true;
  }

  noteExit(code: number): void {
    this.exit ??= { code, oomKilled: this.#oomKilled };
    this.#settle(this.exit);
  }

  /** What the engine said when it was asked. */
  noteState(state: ContainerState): void {
    if (state.oomKilled) this.noteOutOfMemory();
    if (state.state !== 'created') this.isStarted = true;
    if (state.state === 'exited') this.noteExit(state.exitCode ?? 0);
  }

  record(): ContainerRecord {
    const { node, id, exit, openedAt, readyAt, files } = this;
    return {
      node,
      id,
      state: exit ? 'exited' : this.isStarted ? 'running' : 'created',
      exitCode: exit?.code ?? null,
      oomKilled: this.#oomKilled,
      readyAfter:
        openedAt === undefined || readyAt === undefined ? null : Math.round(readyAt - openedAt),
      files: [...files].sort(),
    };
  }
}

/** `exit code 3`, `exit code 137 (signal SIGKILL), out of memory`. */
export function describeExit({ code, oomKilled }: Exit): string {
  const signal = signalOf(code);
  const named = signal === undefined ? '' : ` (signal ${signal})`;
  return `exit code ${code}${named}${oomKilled ? ', out of memory' : ''}`;
}

/** Engines, shells and the launcher give 128 and a signal's number for a program that a signal ended. */
export const signalOf = (code: number): string | undefined =>
  Object.entries(constants.signals).find(([, number]) => code === 128 + number)?.[0];
