import { cycleText, findCycles } from '../cycles.ts';
import { texts } from '../resolve/members.ts';
import { checkEndingFlow } from './ending-flow.ts';
import type { Rule } from './rule.ts';

/** `after` names flows that end, and no flow waits for itself by way of others. */
export const flowOrder: Rule = (context, { flows }) => {
  const byName = new Map(flows.map((item) => [item.flow.name, item]));
  for (const [index, entry] of (context.scenario.traffic ?? []).entries())
    for (const { text, path } of texts(entry.after, ['traffic', index, 'after']))
      checkEndingFlow(context, text, path, byName);
  const after = (name: string): readonly string[] => byName.get(name)?.flow.schedule.after ?? [];
  for (const cycle of findCycles(byName.keys(), after)) {
    const last = byName.get(cycle[0] ?? '');
    if (last !== undefined)
      context.report(
        'S092',
        [...last.path, 'after'],
        `The flow "${last.flow.name}" waits for itself: ${cycleText(cycle, ' after ')}`,
      );
  }
};
