/**
 * The ways round in a graph: each as the names from one that closes a circle back to itself, each circle once.
 * `next` may name what is not among `names`: that leads nowhere.
 */
export function findCycles(
  names: Iterable<string>,
  next: (name: string) => readonly string[],
): readonly (readonly string[])[] {
  const known = new Set(names);
  const state = new Map<string, 'open' | 'done'>();
  const cycles: (readonly string[])[] = [];
  for (const start of known) {
    // Depth first without recursion: chains may be as long as the file.
    const stack: { readonly name: string; next: number }[] = [];
    if (!state.has(start)) stack.push({ name: start, next: 0 });
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      state.set(top.name, 'open');
      const name = next(top.name)[top.next];
      top.next += 1;
      if (name === undefined) {
        state.set(top.name, 'done');
        stack.pop();
      } else if (state.get(name) === 'open') {
        const from = stack.findIndex((item) => item.name === name);
        // From the one that closes the circle round to itself.
        cycles.push([top.name, ...stack.slice(from).map((item) => item.name)]);
      } else if (!state.has(name) && known.has(name)) stack.push({ name, next: 0 });
    }
  }
  return cycles;
}

/** `"b" after "a" after "b"`, the middle of a long one left out. */
export function cycleText(cycle: readonly string[], joint: string): string {
  const chain = cycle.length > 8 ? [...cycle.slice(0, 4), '...', ...cycle.slice(-3)] : cycle;
  return chain.map((name) => (name === '...' ? name : `"${name}"`)).join(joint);
}
