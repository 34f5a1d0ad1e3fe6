import { cycleText, findCycles } from '../cycles.ts';
import { texts } from '../resolve/members.ts';
import { checkEndingFlow } from './ending-flow.ts';
import type { Rule } from './rule.ts';

/** `after` names flows that end, and no flow waits for itself by way of others. */
export const flowOrder: Rule = (context, { flows, controls, proxyControls, tunnelControls }) => {
  const byName = new Map(flows.map((item) => [item.flow.name, item]));
  for (const [index, entry] of (context.scenario.traffic ?? []).entries())
    for (const { text, path } of texts(entry.after, ['traffic', index, 'after']))
      checkEndingFlow(context, text, path, byName);
  const waiting = new Map([
    ...flows.map(({ flow, path }) => [flow.name, { path, after: flow.schedule.after }] as const),
    ...[...controls, ...proxyControls, ...tunnelControls].map(
      ({ control, path }) => [control.name, { path, after: control.after }] as const,
    ),
  ]);
  const after = (name: string): readonly string[] => waiting.get(name)?.after ?? [];
  for (const cycle of findCycles(waiting.keys(), after)) {
    const [name = ''] = cycle;
    const last = waiting.get(name);
    if (last === undefined) continue;
    const what = byName.has(name) ? 'flow' : 'entry';
    context.report(
      'S092',
      [...last.path, 'after'],
      `The ${what} "${name}" waits for itself: ${cycleText(cycle, ' after ')}`,
    );
  }
};
