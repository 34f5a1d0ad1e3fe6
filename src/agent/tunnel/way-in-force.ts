import { parsePrefix } from '../../base/addresses.ts';
import { invariant } from '../../base/invariant.ts';
import { type NetlinkMessage, encodeMessages } from '../../kernel/netlink/message.ts';
import { type Route, changeRoute, replaceRoute } from '../../kernel/netlink/route.ts';
import { NetlinkError, NetlinkSocket } from '../../kernel/netlink/socket.ts';
import type { Migration } from '../../model/tunnel.ts';

/** The first changes take some milliseconds, until what makes them is compiled. */
const PRACTICE = 50;

/** The default route of a table, in the namespace that this thread is in when it is made. */
export class WayInForce {
  readonly #socket = new NetlinkSocket();
  /** What makes it lead there, by interface. */
  readonly #changes: ReadonlyMap<number, Buffer>;

  /** It leads into the first of the interfaces, if anywhere, and may lead into any of them. */
  constructor(
    { table, families }: Pick<Migration, 'table' | 'families'>,
    interfaces: readonly number[],
  ) {
    const everything = families.map((family) => {
      const prefix = parsePrefix(family === 4 ? '0.0.0.0/0' : '::/0');
      invariant(prefix.ok, 'The prefix of all addresses is one');
      return { to: prefix.value, kind: 'unicast', table } as const;
    });
    const changeTo = (index: number, change: (route: Route) => NetlinkMessage): Buffer =>
      encodeMessages(everything.map((route) => change({ ...route, interface: index })));
    this.#changes = new Map(interfaces.map((index) => [index, changeTo(index, replaceRoute)]));
    const [first] = interfaces;
    if (first !== undefined) this.#practise(changeTo(first, changeRoute));
  }

  /** Says again and again what holds already; where there is no such route it says nothing. */
  #practise(change: Buffer): void {
    try {
      for (let turn = 0; turn < PRACTICE; turn += 1) this.#socket.exchangeRow(change);
    } catch (error) {
      if (!(error instanceof NetlinkError) || error.code !== 'ENOENT') throw error;
    }
  }

  /** Leads it into an interface, by its index; what it led into before it leads no more. */
  lead(into: number): void {
    const change = this.#changes.get(into);
    invariant(change, 'A way leads into the interfaces that it was given');
    this.#socket.exchangeRow(change);
  }

  close(): void {
    this.#socket.close();
  }
}
