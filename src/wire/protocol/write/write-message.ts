// Field settings → bytes. What is not said is zero; sizes, counts and what choices go by follow from what is.
import { Fault } from '../../../base/fault.ts';
import type { FieldSetting } from '../../../model/relay.ts';
import { writeBits } from '../bits.ts';
import type { Side } from '../contract.ts';
import type {
  ChoiceMember,
  Count,
  Grammar,
  Layout,
  ListMember,
  Member,
  Size,
  StructMember,
  UintMember,
  Until,
} from '../grammar.ts';
import { accepts, layoutsOf, membersNamed } from './accepts.ts';
import { ByteWriter } from './byte-writer.ts';
import { encodeBytes, encodeNumber } from './encode.ts';
import { listElements } from './list-elements.ts';
import { Scope, type WrittenNumber } from './scope.ts';
import { type Setting, newSetting, settingTree } from './settings.ts';

/** Throws a `Fault` of usage where a setting is not one of such a message. */
export function writeMessage(
  grammar: Grammar,
  type: string,
  values: readonly FieldSetting[],
  side: Side,
): Uint8Array {
  const { spec, roots } = grammar;
  const typed = spec.type === null ? [] : [{ path: spec.type, value: type }];
  const settings = settingTree([...typed, ...values]);
  const emitter = new Emitter();
  const bytes = emitter.message(roots[side].layout, settings);
  const stray = emitter.stray(settings);
  if (stray !== null)
    throw new Fault('usage', `"${stray.path}" is no field of a message of type ${type}`);
  if (spec.frame.kind !== 'length' || roots[side].layout.size !== null) return bytes;
  const { at, width, plus } = spec.frame;
  if (!emitter.isSaid(at))
    writeBits(bytes, at, { bit: 0, bits: width * 8, little: false }, bytes.length - plus);
  return bytes;
}

/** Where fields are put: what is said of the struct, the layout that it began with, and its numbers. */
interface Place {
  readonly setting: Setting;
  readonly owner: Layout;
  readonly scope: Scope;
}

const NOTHING = newSetting('');

class Emitter {
  readonly #writer = new ByteWriter();
  readonly #used = new Set<Setting>();
  readonly #said = new Set<number>();
  /** Where the fields begin that share bytes with the one at hand. */
  #group = 0;

  message(layout: Layout, setting: Setting): Uint8Array {
    this.#layout(layout, { setting, owner: layout, scope: new Scope(null) });
    return this.#writer.memory.slice();
  }

  /** Whether the number that begins at a byte was set. */
  isSaid(at: number): boolean {
    return this.#said.has(at);
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
    const start = this.#writer.length;
    for (const member of layout.members) this.#member(member, place);
    const bytes = this.#writer.length - start;
    if (layout.size !== null)
      this.#settle(place.scope.number(layout.size.path), bytes - layout.size.plus);
    this.#writer.zeros((layout.align - (bytes % layout.align)) % layout.align);
  }

  #member(member: Member, place: Place): void {
    switch (member.kind) {
      case 'uint':
        this.#uint(member, place);
        return;
      case 'struct':
        this.#struct(member, member.layout, place);
        return;
      case 'choice':
        this.#struct(member, this.#chosen(member, place), place);
        return;
      case 'list':
        this.#list(member, place);
        return;
      case 'mac':
      case 'ipv4':
      case 'ipv6':
      case 'bytes':
      case 'string':
      case 'text':
      case 'name':
      case 'pad':
        this.#leaf(member, place);
    }
  }

  #uint(member: UintMember, { setting, scope }: Place): void {
    if (member.skip === 0 && member.bit === 0) this.#group = this.#writer.length;
    const at = this.#group + member.skip;
    this.#writer.zeros(Math.max(0, at + member.width - this.#writer.length));
    const said = this.#take(setting, member.name);
    const value = said?.value === undefined ? null : encodeNumber(member, said.value, said.path);
    const number: WrittenNumber = { member, at, value };
    scope.numbers.set(member.name, number);
    if (value === null) return;
    this.#said.add(at);
    writeBits(this.#writer.memory, at, member, value);
  }

  #leaf(
    member: Exclude<Member, UintMember | StructMember | ListMember | ChoiceMember>,
    { setting, scope }: Place,
  ): void {
    const said = member.name === '' ? undefined : this.#take(setting, member.name);
    const start = this.#writer.length;
    if (said?.value !== undefined) {
      if (member.kind === 'text' && member.blanks && said.value !== '')
        this.#writer.add(encodeBytes(member, ' ', said.path));
      this.#writer.add(encodeBytes(member, said.value, said.path));
      scope.texts.set(member.name, String(said.value));
    }
    switch (member.kind) {
      case 'bytes':
      case 'string':
        this.#fill(member.size, start, member.name, scope);
        return;
      case 'text':
        this.#writer.add(member.until);
        return;
      case 'name':
        // The root of all names is one byte, which a name that is not said is too.
        if (said?.value === undefined) this.#writer.zeros(1);
        return;
      case 'mac':
      case 'ipv4':
      case 'ipv6':
      case 'pad':
        this.#room(member.width, start, member.name);
    }
  }

  #struct(member: StructMember | ChoiceMember, layout: Layout, place: Place): void {
    const start = this.#writer.length;
    if (member.name === '') this.#layout(layout, place);
    else {
      const setting = this.#take(place.setting, member.name) ?? NOTHING;
      const scope = new Scope(place.scope);
      place.scope.inner.set(member.name, scope);
      if (setting.value === undefined) this.#layout(layout, { setting, owner: layout, scope });
      else this.#writer.add(encodeBytes(member, setting.value, setting.path));
    }
    if (member.size !== null) this.#fill(member.size, start, member.name, place.scope);
  }

  #list(member: ListMember, { setting, owner, scope }: Place): void {
    const start = this.#writer.length;
    const said = member.name === '' ? setting : (this.#take(setting, member.name) ?? NOTHING);
    let count = 0;
    if (said.value !== undefined && member.name !== '')
      this.#writer.add(encodeBytes(member, said.value, said.path));
    else {
      const elements = listElements(member, said, this.#keyed(member, said, owner));
      for (const child of said.elements.values()) this.#used.add(child);
      for (const element of elements) this.#element(member, element, scope);
      count = elements.length;
    }
    this.#fill(member.size, start, member.name, scope, count);
  }

  #element({ element }: ListMember, setting: Setting, around: Scope): void {
    if (setting.value !== undefined) {
      this.#writer.add(encodeBytes(element, setting.value, setting.path));
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

  /** What a choice goes by where that is said; else the first case that has all fields that are set. */
  #chosen(member: ChoiceMember, { setting, scope }: Place): Layout {
    const number = scope.number(member.on);
    const said = number === undefined ? scope.text(member.on) : number.value;
    if (said !== null && said !== undefined) {
      const key = typeof said === 'bigint' ? String(said) : said;
      return member.cases.get(key) ?? member.otherwise;
    }
    const names = this.#namesWithin(member, setting);
    if (names.size === 0) return member.cases.get(0) ?? member.otherwise;
    for (const [key, layout] of member.cases) {
      if (!accepts(layout, names)) continue;
      if (number !== undefined) {
        this.#settle(number, Number(key));
        number.value = Number(key);
      }
      return layout;
    }
    return member.otherwise;
  }

  #namesWithin(member: ChoiceMember, setting: Setting): ReadonlyMap<string, Setting> {
    if (member.name !== '') return setting.names.get(member.name)?.names ?? new Map();
    const layouts = layoutsOf(member);
    return new Map(
      [...setting.names].filter(([name]) =>
        layouts.some((layout) => membersNamed(layout, name).length > 0),
      ),
    );
  }

  /** Puts right what says the size of what was written from `start` on, or fills its room. */
  #fill(size: Size | Count | Until, start: number, name: string, scope: Scope, count = 0): void {
    switch (size.kind) {
      case 'rest':
        return;
      case 'fixed':
        this.#room(size.bytes, start, name);
        return;
      case 'field':
        this.#settle(scope.number(size.path), this.#writer.length - start - size.plus);
        return;
      case 'count':
        this.#settle(scope.number(size.path), count);
        return;
      case 'until':
        this.#writer.add(size.bytes);
    }
  }

  #room(bytes: number, start: number, name: string): void {
    const written = this.#writer.length - start;
    if (written > bytes)
      throw new Fault('usage', `"${name}" has room for ${bytes} bytes, found ${written}`);
    this.#writer.zeros(bytes - written);
  }

  /** What was said stays as it was said. */
  #settle(number: WrittenNumber | undefined, value: number): void {
    if (number?.value !== null) return;
    const { member, at } = number;
    if (value < 0 || value >= 2 ** member.bits)
      throw new Fault('usage', `"${member.name}" has ${member.bits} bits: it cannot be ${value}`);
    writeBits(this.#writer.memory, at, member, value);
  }

  #take(setting: Setting, name: string): Setting | undefined {
    const child = setting.names.get(name);
    if (child !== undefined) this.#used.add(child);
    return child;
  }
}
