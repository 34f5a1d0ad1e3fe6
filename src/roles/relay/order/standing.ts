// Which messages may overtake which.
import type { RelaySpec } from '../../../model/relay.ts';

/** Strict ones keep their order among each other, loose ones overtake; nothing crosses a barrier. */
export type Standing = 'strict' | 'loose' | 'barrier';

/** By type. What the protocol does not name is strict. */
export function standings({
  ordering,
  protocol,
}: Pick<RelaySpec, 'ordering' | 'protocol'>): (type: string) => Standing {
  switch (ordering) {
    case 'all':
      return () => 'strict';
    case 'none':
      return () => 'loose';
    case 'typed': {
      const { strict, loose, barrier } = protocol.order;
      const others = loose.includes('*') ? 'loose' : 'strict';
      const named = new Map<string, Standing>([
        ...strict.map((type) => [type, 'strict'] as const),
        ...loose.map((type) => [type, 'loose'] as const),
        ...barrier.map((type) => [type, 'barrier'] as const),
      ]);
      return (type) => named.get(type) ?? others;
    }
  }
}
