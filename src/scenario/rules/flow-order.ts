import type { Context } from '../context.ts';
import type { ResolvedFlow } from '../resolve/flows.ts';
import { texts } from '../resolve/members.ts';
import type { Rule } from './rule.ts';

/** `after` names flows that end, and no flow waits for itself by way of others. */
export const flowOrder: Rule = (context, { flows }) => {
  const byName = new Map(flows.map((item) => [item.flow.name, item]));
  for (const [index, entry] of (context.scenario.traffic ?? []).entries())
    for (const { text, path } of texts(entry.after, ['traffic', index, 'after'])) {
      const other = byName.get(text);
      if (other === undefined) reportUnknown(context, text, path);
      else if (other.flow.probe.kind === 'run' && other.flow.probe.background)
        context.report(
          'S091',
          path,
          `The flow "${text}" runs in the background and ends last of all`,
          {
            help: 'It starts together with the services: write "at: 1s", so that it has begun to listen, or probe it with "repeat" until it answers',
          },
        );
    }
  checkCycles(context, flows, byName);
};

function reportUnknown(context: Context, name: string, path: readonly (string | number)[]): void {
  if (context.off.flows.has(name))
    context.report('S091', path, `The flow "${name}" is switched off by its "when"`, {
      help: 'Give this part the same "when"',
    });
  else if (
    context.scenario.traffic?.some((entry) => entry.name === name && entry.serve !== undefined)
  )
    context.report('S091', path, `"${name}" is a service: it is there before the first flow`, {
      help: 'Remove it',
    });
  else if (!context.written.flows.has(name))
    context.report('S091', path, `There is no flow "${name}"`, {
      help: context.suggest(name, context.written.flows),
    });
}

/** Each cycle is reported once, at the flow that closes it. */
function checkCycles(
  context: Context,
  flows: readonly ResolvedFlow[],
  byName: ReadonlyMap<string, ResolvedFlow>,
): void {
  const state = new Map<string, 'open' | 'done'>();
  for (const { flow } of flows) {
    // Depth first without recursion: chains may be as long as the file.
    const stack: { readonly name: string; next: number }[] = [];
    if (!state.has(flow.name)) stack.push({ name: flow.name, next: 0 });
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      state.set(top.name, 'open');
      const { after = [] } = byName.get(top.name)?.flow.schedule ?? {};
      const name = after[top.next];
      top.next += 1;
      if (name === undefined) {
        state.set(top.name, 'done');
        stack.pop();
      } else if (state.get(name) === 'open') {
        const from = stack.findIndex((item) => item.name === name);
        reportCycle(context, [...stack.slice(from).map((item) => item.name), name], byName);
      } else if (!state.has(name) && byName.has(name)) stack.push({ name, next: 0 });
    }
  }
}

function reportCycle(
  context: Context,
  names: readonly string[],
  byName: ReadonlyMap<string, ResolvedFlow>,
): void {
  const last = byName.get(names.at(-2) ?? '');
  if (last === undefined) return;
  // From the flow at fault round to itself.
  const cycle = [last.flow.name, ...names.slice(0, -1)];
  const chain = cycle.length > 8 ? [...cycle.slice(0, 4), '...', ...cycle.slice(-3)] : cycle;
  context.report(
    'S092',
    [...last.path, 'after'],
    `The flow "${last.flow.name}" waits for itself: ${chain.map((name) => (name === '...' ? name : `"${name}"`)).join(' after ')}`,
  );
}
