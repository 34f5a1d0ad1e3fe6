import type { Layout, ListMember } from '../grammar.ts';
import type { PathStep } from '../path.ts';
import { membersNamed, takes } from './accepts.ts';
import { KeyIndex } from './key-index.ts';
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
  const index = new KeyIndex(member);
  for (const [place, element] of all.entries()) index.add(element, place);
  for (const [key, setting] of keyed) {
    const place = index.find(key);
    const known = place === undefined ? undefined : all[place];
    if (known !== undefined) {
      say(member, known, setting);
      continue;
    }
    const element = say(member, newElement(member, key, setting), setting);
    index.add(element, all.length);
    all.push(element);
  }
  return all;
}

function newElement({ key }: ListMember, name: string, { path }: Setting): Setting {
  const element = newSetting(path);
  put(element, key ?? [], { ...newSetting(path), value: name });
  return element;
}

/** `match.eth_type: 2048`: the value of the element is 2048. */
function say(member: ListMember, element: Setting, setting: Setting): Setting {
  const { layout } = member.element;
  if (member.value === null) {
    for (const [name, child] of setting.names) element.names.set(name, child);
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
      index === path.length - 1 ? setting : (at.names.get(step.name) ?? newSetting(setting.path));
    at.names.set(step.name, child);
    at = child;
  }
}
