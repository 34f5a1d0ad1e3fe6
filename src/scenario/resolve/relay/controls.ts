// Entries of the traffic that switch parts of a proxy → controls.
import type { ProxyChange, ProxyControl } from '../../../model/traffic.ts';
import type { Traffic } from '../../../model/scenario-file.ts';
import type { Context } from '../../context.ts';
import type { Path } from '../../source/tree.ts';
import { millis } from '../quantity.ts';

export interface ResolvedProxyControl {
  readonly path: Path;
  readonly control: ProxyControl;
}

/** What is named is for the rules to look at. */
export const resolveProxyControls = (context: Context): readonly ResolvedProxyControl[] =>
  (context.scenario.traffic ?? []).flatMap((entry, index): ResolvedProxyControl[] => {
    const { proxy, name, at = '0s', after = [] } = entry;
    if (proxy === undefined) return [];
    const control = { name, proxy, at: millis(at), after: [after].flat(), do: changeOf(entry) };
    return [{ path: ['traffic', index], control }];
  });

function changeOf({ fault, rule, enabled = true }: Traffic): ProxyChange {
  if (fault !== undefined) return { kind: 'fault', name: fault, enabled };
  return rule === undefined ? { kind: 'proxy', enabled } : { kind: 'rule', name: rule, enabled };
}
