import type { Plan } from '../model/plan.ts';
import { tell } from './terminal.ts';

/** How to go on with a lab that stays. */
export function tellKept(id: string, { nodes }: Plan): void {
  const node = nodes[0]?.name ?? 'NODE';
  tell(
    [
      `lab ${id} stays up`,
      `  runner shell ${id} ${node}`,
      `  runner exec ${id} ${node} -- ip address`,
      `  runner destroy ${id}`,
    ].join('\n'),
  );
}
