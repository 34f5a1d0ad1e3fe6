// Entries of the traffic that have a tunnel migrate, or go another way → controls.
import type { TunnelControl } from '../../../model/traffic.ts';
import type { Context } from '../../context.ts';
import type { Path } from '../../source/tree.ts';
import { millis } from '../quantity.ts';

export interface ResolvedTunnelControl {
  readonly path: Path;
  readonly control: TunnelControl;
}

/** What is named is for the rules to look at. */
export const resolveTunnelControls = (context: Context): readonly ResolvedTunnelControl[] =>
  (context.scenario.traffic ?? []).flatMap((entry, index): ResolvedTunnelControl[] => {
    const { tunnel, name, at = '0s', after = [], over, enabled = true } = entry;
    if (tunnel === undefined) return [];
    const change =
      over === undefined
        ? ({ kind: 'migrate', enabled } as const)
        : ({ kind: 'switch', to: over } as const);
    const control = { name, tunnel, at: millis(at), after: [after].flat(), do: change };
    return [{ path: ['traffic', index], control }];
  });
