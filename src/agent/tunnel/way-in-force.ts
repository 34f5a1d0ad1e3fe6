import { type IpPrefix, parsePrefix } from '../../base/addresses.ts';
import { invariant } from '../../base/invariant.ts';
import { replaceRoute } from '../../kernel/netlink/route.ts';
import { NetlinkSocket } from '../../kernel/netlink/socket.ts';
import type { Migration } from '../../model/tunnel.ts';

/** The default route of a table, in the namespace that this thread is in when it is made. */
export class WayInForce {
  readonly #socket = new NetlinkSocket();
  readonly #table: number;
  readonly #to: readonly IpPrefix[];

  constructor({ table, families }: Pick<Migration, 'table' | 'families'>) {
    this.#table = table;
    this.#to = families.map((family) => {
      const everything = parsePrefix(family === 4 ? '0.0.0.0/0' : '::/0');
      invariant(everything.ok, 'The prefix of all addresses is one');
      return everything.value;
    });
  }

  /** Leads it into an interface, by its index; what it led into before it leads no more. */
  lead(into: number): void {
    const way = { kind: 'unicast', table: this.#table, interface: into } as const;
    this.#socket.exchange(this.#to.map((to) => replaceRoute({ ...way, to })));
  }

  close(): void {
    this.#socket.close();
  }
}
