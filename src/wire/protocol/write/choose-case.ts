// Which case a choice of a message has that is to be written.
import type { ChoiceMember, Layout } from '../grammar.ts';
import { accepts, membersNamed } from './accepts.ts';
import type { Output } from './output.ts';
import type { Scope } from './scope.ts';
import type { Setting } from './settings.ts';

/** What it goes by where that is said; else the first case that has all fields that are set, which what it goes by then says. */
export function chooseCase(
  member: ChoiceMember,
  setting: Setting,
  scope: Scope,
  output: Output,
): Layout {
  const { on, cases, otherwise } = member;
  const number = scope.number(on);
  const said = number === undefined ? scope.text(on) : number.value;
  if (said !== null && said !== undefined)
    return cases.get(typeof said === 'bigint' ? String(said) : said) ?? otherwise;
  const names = namesWithin(member, setting);
  if (names.size === 0) return cases.get(0) ?? otherwise;
  for (const [key, layout] of cases) {
    if (!accepts(layout, names)) continue;
    if (number !== undefined) {
      output.settle(number, Number(key));
      number.value = Number(key);
    }
    return layout;
  }
  return otherwise;
}

/** What is set of its fields. */
function namesWithin(
  { name, layouts }: ChoiceMember,
  setting: Setting,
): ReadonlyMap<string, Setting> {
  if (name !== '') return setting.names.get(name)?.names ?? new Map();
  return new Map(
    [...setting.names].filter(([each]) =>
      layouts.some((layout) => membersNamed(layout, each).length > 0),
    ),
  );
}
