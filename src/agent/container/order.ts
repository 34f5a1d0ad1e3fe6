// In which order containers may go, and what each must come to first. Pure.
import type { Dependency } from '../../model/container.ts';

/** What a container can have come to; it may come to several. */
export type Milestone = Dependency['condition'];

export interface Waiting {
  readonly node: string;
  readonly dependsOn: readonly Dependency[];
}

/** Those that wait for nothing more, in the order given. */
export function mayGo<T extends Waiting>(
  waiting: readonly T[],
  hasReached: (node: string, milestone: Milestone) => boolean,
): T[] {
  return waiting.filter(({ dependsOn }) =>
    dependsOn.every(({ container, condition }) => hasReached(container, condition)),
  );
}

/** What others wait for a container to come to. */
export const awaitedOf = (node: string, all: readonly Waiting[]): ReadonlySet<Milestone> =>
  new Set(
    all.flatMap(({ dependsOn }) =>
      dependsOn.flatMap(({ container, condition }) => (container === node ? [condition] : [])),
    ),
  );
