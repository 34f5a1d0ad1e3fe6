// What is said of each field → bytes, in the order of the layout.
import type {
  Layout,
  LeafMember,
  ListMember,
  Member,
  StructMember,
  ChoiceMember,
  UintMember,
} from '../grammar.ts';
import { isLeaf } from '../nesting.ts';
import { membersNamed } from './accepts.ts';
import { chooseCase } from './choose-case.ts';
import { encodeBytes, encodeNumber } from './encode.ts';
import { listElements } from './list-elements.ts';
import { Output } from './output.ts';
import { Scope } from './scope.ts';
import { type Setting, newSetting } from './settings.ts';

/** Where fields are put: what is said of the struct, the layout that it began with, and its numbers. */
interface Place {
  readonly setting: Setting;
  readonly owner: Layout;
  readonly scope: Scope;
}

const NOTHING = newSetting('');

export class Emitter {
  readonly output: Output = new Output();
  readonly #used = new Set<Setting>();

  message(layout: Layout, setting: Setting): void {
    this.#layout(layout, { setting, owner: layout, scope: new Scope(null) });
  }

  /** A setting of a field that there is not. */
  stray({ names, elements }: Setting): Setting | null {
    for (const child of [...names.values(), ...elements.values()]) {
      const stray = this.#used.has(child) ? this.stray(child) : child;
      if (stray !== null) return stray;
    }
    return null;
  }

  #layout(layout: Layout, place: Place): void {
    const { output } = this;
    const start = output.length;
    for (const member of layout.members) this.#member(member, place);
    const bytes = output.length - start;
    if (layout.size !== null)
      output.settle(place.scope.number(layout.size.path), bytes - layout.size.plus);
    output.zeros((layout.align - (bytes % layout.align)) % layout.align);
  }

  #member(member: Member, place: Place): void {
    if (member.kind === 'uint') this.#uint(member, place);
    else if (isLeaf(member)) this.#leaf(member, place);
    else if (member.kind === 'list') this.#list(member, place);
    else this.#struct(member, place);
  }

  #uint(member: UintMember, { setting, scope }: Place): void {
    const said = this.#take(setting, member.name);
    const value = said?.value === undefined ? null : encodeNumber(member, said.value, said.path);
    scope.numbers.set(member.name, this.output.number(member, value));
  }

  #leaf(member: Exclude<LeafMember, UintMember>, { setting, scope }: Place): void {
    const { output } = this;
    const said = member.name === '' ? undefined : this.#take(setting, member.name);
    const start = output.length;
    if (said?.value !== undefined) {
      if (member.kind === 'text' && member.blanks && said.value !== '')
        output.add(encodeBytes(member, ' ', said.path));
      output.add(encodeBytes(member, said.value, said.path));
      scope.texts.set(member.name, String(said.value));
    }
    switch (member.kind) {
      case 'bytes':
      case 'string':
        output.fill(member.size, start, member.name, scope);
        return;
      case 'text':
        output.add(member.until);
        return;
      case 'name':
        // The root of all names is one byte, which a name that is not said is too.
        if (said?.value === undefined) output.zeros(1);
        return;
      case 'mac':
      case 'ipv4':
      case 'ipv6':
      case 'pad':
        output.fillRoom(member.width, start, member.name);
    }
  }

  #struct(member: StructMember | ChoiceMember, place: Place): void {
    const { output } = this;
    const { setting: around, scope: outer } = place;
    const layout =
      member.kind === 'choice' ? chooseCase(member, around, outer, output) : member.layout;
    const start = output.length;
    if (member.name === '') this.#layout(layout, place);
    else {
      const setting = this.#take(around, member.name) ?? NOTHING;
      const scope = new Scope(outer);
      outer.inner.set(member.name, scope);
      if (setting.value === undefined) this.#layout(layout, { setting, owner: layout, scope });
      else output.add(encodeBytes(member, setting.value, setting.path));
    }
    if (member.size !== null) output.fill(member.size, start, member.name, outer);
  }

  #list(member: ListMember, { setting, owner, scope }: Place): void {
    const { output } = this;
    const start = output.length;
    const said = member.name === '' ? setting : (this.#take(setting, member.name) ?? NOTHING);
    let count = 0;
    if (said.value !== undefined && member.name !== '')
      output.add(encodeBytes(member, said.value, said.path));
    else {
      const elements = listElements(member, said, this.#keyed(member, said, owner));
      for (const child of said.elements.values()) this.#used.add(child);
      for (const element of elements) this.#element(member, element, scope);
      count = elements.length;
    }
    output.fill(member.size, start, member.name, scope, count);
  }

  #element({ element }: ListMember, setting: Setting, around: Scope): void {
    if (setting.value !== undefined) {
      this.output.add(encodeBytes(element, setting.value, setting.path));
      return;
    }
    const scope = new Scope(around);
    this.#layout(element.layout, { setting, owner: element.layout, scope });
  }

  /** Of a list without a name those names are keys that are no field of the struct around it. */
  #keyed(
    member: ListMember,
    { names }: Setting,
    owner: Layout,
  ): readonly (readonly [string, Setting])[] {
    if (member.key === null) return [];
    const keyed = [...names].filter(
      ([name]) =>
        member.name !== '' || membersNamed(owner, name).every((other) => other.name === ''),
    );
    for (const [, child] of keyed) this.#used.add(child);
    return keyed;
  }

  #take(setting: Setting, name: string): Setting | undefined {
    const child = setting.names.get(name);
    if (child !== undefined) this.#used.add(child);
    return child;
  }
}
