// Plays of scripts whose packets are our own, past the kernel's stack, at a site.
import { Fault } from '../../base/fault.ts';
import { type IpAddress, parseIp } from '../../base/addresses.ts';
import { invariant } from '../../base/invariant.ts';
import type { PartyReport, ScriptChannel } from '../../model/script.ts';
import { FlowGuard } from './flow-guard.ts';
import type { EndOrder, PartyOrder, PlaceOrder } from './order.ts';
import type { RawScript } from './raw-script.ts';
import type { RawSite, RawStack } from './raw-site.ts';
import { RawThread } from './raw-thread.ts';

export interface RawEndpoints {
  /** Resolves when this machine's parties of a play hear packets, and the kernel answers none of them. */
  open(flow: string, attempt: number): Promise<void>;
  /** Plays what was opened, from `at` (microseconds since the epoch) or at once; the reports of this machine's parties. */
  run(flow: string, attempt: number, at: number | null): Promise<readonly PartyReport[]>;
  /** Ends a play that waits for its first packet: `run` gives no reports. */
  giveUp(flow: string, attempt: number): void;
  /** Plays under way are given up. */
  stop(): Promise<void>;
}

export function createRawEndpointsAt(site: RawSite): RawEndpoints {
  let thread: RawThread | undefined;
  const guards = new Map<string, FlowGuard>();

  const threadOf = (): RawThread => (thread ??= new RawThread(site));
  const guardOf = (flow: string, script: RawScript): FlowGuard => {
    const guard = guards.get(flow) ?? new FlowGuard(site, script);
    guards.set(flow, guard);
    return guard;
  };
  return {
    async open(flow, attempt) {
      const script = scriptOf(site, flow);
      if (!guards.has(flow)) threadOf().tell({ kind: 'flow', flow, script, seed: site.seed });
      const guard = guardOf(flow, script);
      const [parties] = await Promise.all([orderParties(site, script), guard.hold()]);
      try {
        await threadOf().ask({
          kind: 'open',
          play: playName(flow, attempt),
          flow,
          attempt,
          parties,
        });
      } catch (error) {
        guard.release();
        throw error;
      }
    },
    async run(flow, attempt, at) {
      try {
        return await threadOf().ask({ kind: 'run', play: playName(flow, attempt), at });
      } finally {
        guards.get(flow)?.release();
      }
    },
    giveUp(flow, attempt) {
      threadOf().tell({ kind: 'giveUp', play: playName(flow, attempt) });
    },
    async stop() {
      await Promise.all([thread?.stop(), ...[...guards.values()].map((guard) => guard.close())]);
      thread = undefined;
      guards.clear();
    },
  };
}

const playName = (flow: string, attempt: number): string => `${flow}#${attempt}`;

function scriptOf(site: RawSite, flow: string): RawScript {
  const script = site.script(flow);
  if (!script) throw new Fault('run', `Flow "${flow}" is no script of raw packets`);
  return script;
}

/** The parties that are ours, each with the ways its packets take. One without a program is the kernel's. */
async function orderParties(site: RawSite, script: RawScript): Promise<readonly PartyOrder[]> {
  const orders = script.parties.map(async ({ name, node, program }, party) => {
    const stack = site.stack(node);
    if (!stack || program.length === 0) return [];
    const ends = await Promise.all(
      script.channels.flatMap((channel, index) =>
        channel.from === name || channel.to === name
          ? [orderEnd(site, stack, channel, { index, isSource: channel.from === name })]
          : [],
      ),
    );
    return [{ party, place: placeOf(node, stack, ends), ends }];
  });
  return (await Promise.all(orders)).flat();
}

async function orderEnd(
  site: RawSite,
  { egress }: RawStack,
  { source, destination }: ScriptChannel,
  { index, isSource }: { readonly index: number; readonly isSource: boolean },
): Promise<EndOrder> {
  const [own, peer] = isSource ? [source, destination] : [destination, source];
  const hop = await egress.find(toAddress(own.address), toAddress(peer.address));
  // Whoever begins knows whom it speaks to.
  return { channel: index, isSource, own, peer, hop, isPeerHidden: !isSource && site.hasNat };
}

function placeOf(
  node: string,
  { namespaceFd, interfaces }: RawStack,
  ends: readonly EndOrder[],
): PlaceOrder {
  const all = [...interfaces, ...ends.map(({ hop }) => hop.interface)];
  const byName = new Map(all.toReversed().map((device) => [device.name, device]));
  return { node, namespaceFd, interfaces: [...byName.values()] };
}

function toAddress(text: string): IpAddress {
  const address = parseIp(text);
  invariant(address.ok, address.ok ? '' : `A plan holds whole addresses. ${address.error}`);
  return address.value;
}
