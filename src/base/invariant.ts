/** A state the program promised could not happen: a bug of ours, never of the scenario or the machine. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/** Throws when our own promise is broken; `message` says what was promised. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantError(`${message} (this is a bug in runner)`);
}

/** Marks the branch that an exhaustive `switch` cannot reach. */
export function unreachable(value: never, what: string): never {
  throw new InvariantError(`Unknown ${what}: ${JSON.stringify(value)} (this is a bug in runner)`);
}
