import type { TunnelDraft } from './order.ts';

/** WireGuard's own in most examples of wg(8). */
const FIRST = 51_820;

/** UDP ports of tunnels, on each host the first that are free. */
export class Ports {
  readonly #taken = new Map<string, Set<number>>();

  /** Ports that are written are nobody else's. */
  constructor(drafts: readonly TunnelDraft[]) {
    for (const { server, written } of drafts)
      if (written.wireguard.port !== undefined) this.#on(server.name).add(written.wireguard.port);
  }

  of(node: string, written: number | undefined): number {
    if (written !== undefined) return written;
    const taken = this.#on(node);
    let port = FIRST;
    while (taken.has(port)) port += 1;
    taken.add(port);
    return port;
  }

  #on(node: string): Set<number> {
    const taken = this.#taken.get(node) ?? new Set<number>();
    this.#taken.set(node, taken);
    return taken;
  }
}
