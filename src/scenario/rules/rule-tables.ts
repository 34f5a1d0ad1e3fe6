import type { Rule } from './rule.ts';

/** Policy rules look into tables that have routes. */
export const ruleTables: Rule = (context, { lab }) => {
  if (context.partial) return;
  const reported = new Set<string>();
  for (const { on, path, value } of lab.writtenRules) {
    const { table } = value;
    const hasRoutes = (lab.routes.get(on) ?? []).some((route) => route.table === table);
    const key = path.join('.');
    if (hasRoutes || reported.has(key)) continue;
    reported.add(key);
    context.report('S075', [...path, 'table'], `The table ${table} of "${on}" has no routes`, {
      help: `Add one: routes: [{ on: ${on}, to: default, via: …, table: ${table} }]`,
    });
  }
  for (const [index, rule] of (context.scenario.rules ?? []).entries())
    if (rule.from === undefined && rule.to === undefined && rule.fwmark === undefined)
      context.report('S098', ['rules', index], 'The rule selects no packets', {
        help: 'Add "from", "to" or "fwmark"',
      });
};
