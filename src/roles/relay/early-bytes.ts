/** What a client says before the target has accepted. */
export class EarlyBytes {
  readonly #parts: Uint8Array[] = [];
  /** How many there are. */
  length = 0;
  /** Whether it says no more. */
  hasEnded = false;

  keep(bytes: Uint8Array): void {
    this.#parts.push(bytes.slice());
    this.length += bytes.length;
  }

  /** As they came. */
  get parts(): readonly Uint8Array[] {
    return this.#parts;
  }
}
