import { formatMillis } from '../base/units.ts';
import type { TunnelControl } from '../model/traffic.ts';

export function renderTunnelControl({
  name,
  tunnel,
  at,
  after,
  do: change,
}: TunnelControl): string[] {
  const what =
    change.kind === 'switch'
      ? `switch ${tunnel} to ${change.to}`
      : `${change.enabled ? 'migrate' : 'hold'} ${tunnel}`;
  const when = [
    ...(at === 0 ? [] : [`at ${formatMillis(at)}`]),
    ...(after.length === 0 ? [] : [`after ${after.join(', ')}`]),
  ];
  return [[name, what, ...when].join('  ')];
}
