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
  for (const [key, setting] of keyed) {
    const known = all.find((element) => hasKey(member, element, key));
    if (known === undefined) all.push(say(member, newElement(member, key, setting), setting));
    else say(member, known, setting);
  }
  return all;
}

const NUMBER = /^(0x[\da-f]+|\d+)$/i;

/** Whether the key of an element is said, and is this one. As in what was read, an element with a word is not known by its number. */
function hasKey({ element, key, ignoreCase }: ListMember, setting: Setting, name: string): boolean {
  const [step, ...further] = key ?? [];
  if (step?.kind !== 'name' || further.length > 0) return false;
  const said = setting.names.get(step.name)?.value;
  if (said === undefined) return false;
  const text = String(said);
  if (text === name || (ignoreCase && text.toLowerCase() === name.toLowerCase())) return true;
  if (NUMBER.test(name)) return Number(text) === Number(name);
  // Two enums may have words for one number: what is named by one is not what is named by the other.
  return membersNamed(element.layout, step.name).some((member) => {
    const words = member.kind === 'uint' ? member.words : null;
    const number = words?.numberOf(name);
    return number !== undefined && number === (words?.numberOf(text) ?? Number(text));
  });
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
