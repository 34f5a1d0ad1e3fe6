// A party of raw packets past this machine's own network stack, by the driver that plays in labs.
import { readFileSync } from 'node:fs';
import { Fault } from '../../base/fault.ts';
import { openNetworkNamespace } from '../../kernel/namespace.ts';
import { type AloneNews, type AloneOrder, OWN_NODE } from '../../model/alone.ts';
import { createKernelEgress } from '../raw/kernel-egress.ts';
import { toRawScript } from '../raw/raw-script.ts';
import { createRawEndpointsAt } from '../raw/site-endpoints.ts';
import type { PartyPlayer } from './party-player.ts';

/** Throws a machine fault without the privileges that it takes. */
export function createRawPlayer(
  { flow, seed, spec }: AloneOrder,
  tell: (news: AloneNews) => void,
): PartyPlayer {
  checkPrivileges();
  const namespaceFd = openNetworkNamespace();
  const stack = { namespaceFd, egress: createKernelEgress(namespaceFd), interfaces: [] };
  const raw = createRawEndpointsAt({
    seed,
    hasNat: false,
    script: () => toRawScript(spec),
    stack: (node) => (node === OWN_NODE ? stack : undefined),
    onLoss: ({ count, what }) => tell({ kind: 'loss', count, what }),
    // The play under way hears of it as well.
    onBroken: () => undefined,
  });
  return {
    canQueue: false,
    open: (attempt) => raw.open(flow, attempt),
    run: async (attempt) => {
      const [report = null] = await raw.run(flow, attempt, null);
      return report;
    },
    giveUp: (attempt) => raw.giveUp(flow, attempt),
    stop: () => raw.stop(),
  };
}

/** Bits of capabilities(7): packet sockets, nftables, and the thread of packets in the stack's namespace. */
const NEEDED = { CAP_NET_ADMIN: 12n, CAP_NET_RAW: 13n, CAP_SYS_ADMIN: 21n };

function checkPrivileges(): void {
  const [, digits = '0'] =
    /^CapEff:\s*(\w+)$/m.exec(readFileSync('/proc/self/status', 'latin1')) ?? [];
  const own = BigInt(`0x${digits}`);
  const missing = Object.entries(NEEDED).flatMap(([name, bit]) =>
    ((own >> bit) & 1n) === 0n ? [name] : [],
  );
  if (missing.length === 0) return;
  throw new Fault('machine', `Raw packets need privileges: ${missing.join(', ')} are missing`, {
    help: 'Run it as root: sudo runner endpoint …',
  });
}
