import { guardPairs } from './guard-pairs.ts';
import { type KernelGuard, openKernelGuard } from './kernel-guard.ts';
import type { RawScript } from './raw-script.ts';
import type { RawSite } from './raw-site.ts';

/**
 * Milliseconds that the kernels stay out after a flow's last play: what is still on its way would draw a RST that nobody
 * wrote, and so would what a party on another machine sends again while it closes (2 s at most). The next play of the flow finds
 * them so.
 */
const LINGER_MS = 3000;

/** Keeps the kernels of a flow's nodes out of its conversations while it plays. */
export class FlowGuard {
  readonly #site: RawSite;
  readonly #script: RawScript;
  #guards: Promise<readonly KernelGuard[]> | undefined;
  #plays = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(site: RawSite, script: RawScript) {
    this.#site = site;
    this.#script = script;
  }

  /** Resolves when the kernels are out; `release` is to follow, and does when this throws. */
  async hold(): Promise<void> {
    clearTimeout(this.#timer);
    this.#plays += 1;
    this.#guards ??= this.#open();
    try {
      await this.#guards;
    } catch (error) {
      this.#guards = undefined;
      this.#plays -= 1;
      throw error;
    }
  }

  release(): void {
    this.#plays -= 1;
    if (this.#plays === 0) this.#timer = setTimeout(() => void this.close(), LINGER_MS);
  }

  /** Resolves when no rule is left. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    const guards = this.#guards;
    this.#guards = undefined;
    for (const guard of (await guards) ?? []) await guard.close();
  }

  #open(): Promise<readonly KernelGuard[]> {
    const nodes = [...new Set(this.#script.parties.map(({ node }) => node))];
    return Promise.all(
      nodes.flatMap((node) => {
        const stack = this.#site.stack(node);
        const pairs = stack ? guardPairs(this.#script, node, this.#site) : [];
        return stack && pairs.length > 0 ? [openKernelGuard(stack.namespaceFd, pairs)] : [];
      }),
    );
  }
}
