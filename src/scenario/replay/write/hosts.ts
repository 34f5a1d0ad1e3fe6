// The addresses of a replay as hosts of a scenario.
import type { ReplayConversation } from '../replay-script.ts';

/** Host names by address: `client`, `server`, and more of them with numbers. An address of both kinds is what it was first. */
export function hostNames(
  conversations: readonly ReplayConversation[],
): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const counts = { client: 0, server: 0 };
  for (const conversation of conversations)
    for (const party of ['client', 'server'] as const) {
      const { address } = conversation[party];
      if (names.has(address)) continue;
      counts[party] += 1;
      names.set(address, counts[party] === 1 ? party : `${party}-${counts[party]}`);
    }
  return names;
}
