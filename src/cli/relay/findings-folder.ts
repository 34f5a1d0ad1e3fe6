// What the fuzzer of a relay by hand has found: a file for `--rules` each, written when it is found.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../../base/fault.ts';
import type { RelayFinding } from '../../model/relay.ts';
import { findingName } from '../../scenario/finding/describe-finding.ts';
import {
  type RelayFindingContext,
  renderFindingRelay,
} from '../../scenario/finding/render-relay.ts';

/** Of one relay. */
const MOST = 1000;

export class FindingsFolder {
  readonly #path: string;
  readonly #context: RelayFindingContext;
  #count = 0;

  /** Throws a machine fault where it cannot be made. */
  constructor(path: string, context: RelayFindingContext) {
    this.#path = path;
    this.#context = context;
    guarded(path, () => mkdirSync(path, { recursive: true }));
  }

  /** The file; null: there have been too many. */
  add(finding: RelayFinding): string | null {
    if (this.#count >= MOST) return null;
    let file: string;
    do {
      this.#count += 1;
      file = join(this.#path, findingName(finding, this.#count));
    } while (existsSync(file));
    guarded(file, () => writeFileSync(file, renderFindingRelay(finding, this.#context)));
    return file;
  }
}

function guarded(path: string, work: () => unknown): void {
  try {
    work();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Fault('machine', `Cannot write the findings to "${path}": ${reason}`, { cause });
  }
}
