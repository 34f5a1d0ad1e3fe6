/** Ranges of ports, a thousand or more: which of them hold a port, by one search. */
export class PortIndex {
  /** Where the ports of each piece start; within a piece all ports are in the same ranges. */
  readonly #starts: readonly number[];
  readonly #ids: readonly (readonly number[])[];

  constructor(
    ranges: readonly { readonly low: number; readonly high: number; readonly id: number }[],
  ) {
    const edges = ranges.flatMap(({ low, high }) => [
      Math.max(0, Math.ceil(low)),
      Math.floor(high) + 1,
    ]);
    this.#starts = [...new Set([0, ...edges])].toSorted((left, right) => left - right);
    this.#ids = this.#starts.map((start) => [
      ...new Set(
        ranges.filter(({ low, high }) => start >= low && start <= high).map(({ id }) => id),
      ),
    ]);
  }

  find(port: number): readonly number[] {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= port) low = middle;
      else high = middle - 1;
    }
    return this.#ids[low] ?? [];
  }
}
