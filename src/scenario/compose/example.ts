// A first line of traffic to go on from.
import type { Member } from './members.ts';
import type { UsedNetwork } from './networks.ts';

/** Where an example of traffic starts and ends. */
export interface Example {
  readonly from: string;
  readonly to: string;
  readonly port: number | undefined;
}

/** Undefined when no two nodes meet. */
export function exampleOf(
  members: ReadonlyMap<string, Member>,
  networks: readonly UsedNetwork[],
): Example | undefined {
  const all = [...members.values()].filter(({ attachment }) => attachment.stack === 'own');
  const best = [
    ...all.filter(({ ports }) => ports.isPublished),
    ...all.filter(({ ports }) => ports.tcp.length > 0),
    ...all,
  ];
  for (const { participant, ports } of best) {
    const [to] = participant.containers;
    const near = networks.filter(({ members: own }) => to !== undefined && own.has(to));
    const [from] = near.flatMap(({ client, members: own }) => [
      ...(client === undefined ? [] : [client]),
      ...[...own.keys()].filter((name) => name !== to),
    ]);
    if (to !== undefined && from !== undefined) return { from, to, port: ports.tcp[0] };
  }
  return undefined;
}
