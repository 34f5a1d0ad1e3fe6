import type { Layout, ListMember } from '../grammar.ts';
import type { PathStep } from '../path.ts';
import { membersNamed, takes } from './accepts.ts';
import { type Setting, newSetting } from './settings.ts';

/** What is said of each element, in the order of the list: those by place, then those by key. */
export function listElements(
  member: ListMember,
  { elements }: Setting,
  keyed: Iterable<readonly [string, Setting]>,
): readonly Setting[] {
  const last = Math.max(-1, ...elements.keys());
  const all = Array.from(
    { length: last + 1 },
    (_, index) => elements.get(index) ?? newSetting(`[${index}]`),
  );
  for (const [key, setting] of keyed) all.push(keyedElement(member, key, setting));
  return all;
}

/** `match.eth_type: 2048` as an element whose key is eth_type and whose value is 2048. */
function keyedElement(member: ListMember, key: string, setting: Setting): Setting {
  const { layout } = member.element;
  const element = newSetting(setting.path);
  put(element, member.key ?? [], { ...newSetting(setting.path), value: key });
  if (member.value === null) {
    merge(element, setting);
    return element;
  }
  const value = newSetting(setting.path);
  value.value = setting.value;
  for (const [index, child] of setting.elements) value.elements.set(index, child);
  for (const [name, child] of setting.names) {
    const isOfValue = valueTakes(layout, member.value, name, child);
    (isOfValue ? value : element).names.set(name, child);
  }
  put(element, member.value, value);
  return element;
}

/** As `find`: what a key stands for comes first, and then the rest of its element. */
function valueTakes(
  layout: Layout,
  path: readonly PathStep[],
  name: string,
  child: Setting,
): boolean {
  const [step] = path;
  if (step?.kind !== 'name') return false;
  const within = { ...newSetting(''), names: new Map([[name, child]]) };
  return membersNamed(layout, step.name).some((member) => takes(member, within));
}

function put(element: Setting, path: readonly PathStep[], setting: Setting): void {
  let at = element;
  for (const [index, step] of path.entries()) {
    if (step.kind !== 'name') return;
    const child =
      index === path.length - 1
        ? setting
        : (at.names.get(step.name) ?? newSetting(setting.path));
    at.names.set(step.name, child);
    at = child;
  }
}

function merge(element: Setting, setting: Setting): void {
  for (const [name, child] of setting.names) element.names.set(name, child);
}
