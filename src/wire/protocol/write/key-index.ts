// Which element of a list has which key: by all that the key may be written as, so that one of thousands is found at once.
import type { ListMember, Member } from '../grammar.ts';
import { membersNamed } from './accepts.ts';
import type { Setting } from './settings.ts';

const NUMBER = /^(0x[\da-f]+|\d+)$/i;

export class KeyIndex {
  readonly #ignoreCase: boolean;
  /** The field that is the key; null: it lies deeper. */
  readonly #name: string | null;
  readonly #members: readonly Member[];
  readonly #places = new Map<string, number>();

  constructor({ element, key, ignoreCase }: ListMember) {
    const [step, ...further] = key ?? [];
    this.#ignoreCase = ignoreCase;
    this.#name = step?.kind === 'name' && further.length === 0 ? step.name : null;
    this.#members = this.#name === null ? [] : membersNamed(element.layout, this.#name);
  }

  /** The element at a place, which comes behind those that are there. */
  add(setting: Setting, place: number): void {
    const said = this.#name === null ? undefined : setting.names.get(this.#name)?.value;
    if (said === undefined) return;
    const text = String(said);
    this.#put(this.#spelled(text), place);
    this.#put(`number ${Number(text)}`, place);
    for (const [index, member] of this.#members.entries()) {
      const words = member.kind === 'uint' ? member.words : null;
      this.#put(`word ${index} ${words?.numberOf(text) ?? Number(text)}`, place);
    }
  }

  /** The first element of this key. As in what was read, an element with a word is not known by its number. */
  find(name: string): number | undefined {
    const spellings = [this.#spelled(name)];
    if (NUMBER.test(name)) spellings.push(`number ${Number(name)}`);
    // Two enums may have words for one number: what is named by one is not what is named by the other.
    else
      for (const [index, member] of this.#members.entries()) {
        const number = member.kind === 'uint' ? member.words?.numberOf(name) : undefined;
        if (number !== undefined) spellings.push(`word ${index} ${number}`);
      }
    const places = spellings.flatMap((spelling) => this.#places.get(spelling) ?? []);
    return places.length === 0 ? undefined : Math.min(...places);
  }

  #spelled(text: string): string {
    return `text ${this.#ignoreCase ? text.toLowerCase() : text}`;
  }

  #put(spelling: string, place: number): void {
    if (!this.#places.has(spelling)) this.#places.set(spelling, place);
  }
}
