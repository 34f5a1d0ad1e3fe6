// A field of a message that was read. Values, words and paths are made when they are asked for.
import type { FieldType, FieldValue } from '../../../model/protocol.ts';
import type { Field } from '../contract.ts';
import type { Member } from '../grammar.ts';
import { type PathStep, appendName } from '../path.ts';
import { readBits } from '../bits.ts';
import { decodeValue } from './decode.ts';
import type { Extent } from './extent.ts';

/** Of all fields that hold none; nothing is ever added to it. */
const NO_FIELDS: FieldNode[] = [];

export class FieldNode implements Field {
  readonly message: Uint8Array;
  readonly member: Member;
  readonly name: string;
  readonly parent: FieldNode | null;
  readonly start: number;
  end: number;
  /** Of an element: its place in the list; else -1. */
  readonly index: number;
  /** The innermost extent around it; null: the message. */
  readonly around: Extent<FieldNode> | null;
  /** The innermost extent that what is within it lies in; `around` where it has none of its own. */
  inner: Extent<FieldNode> | null;
  readonly children: FieldNode[];
  #byKey: Map<string, FieldNode[]> | undefined;

  constructor(
    message: Uint8Array,
    member: Member,
    parent: FieldNode | null,
    start: number,
    around: Extent<FieldNode> | null,
    index = -1,
    name: string = member.name,
    children: FieldNode[] = [],
  ) {
    this.message = message;
    this.member = member;
    this.name = name;
    this.parent = parent;
    this.start = start;
    this.end = start;
    this.around = around;
    this.inner = around;
    this.index = index;
    this.children = children;
  }

  /** One that holds no others. */
  static leaf(
    message: Uint8Array,
    member: Member,
    name: string,
    parent: FieldNode,
    start: number,
    end: number,
    around: Extent<FieldNode> | null,
  ): FieldNode {
    const node = new FieldNode(message, member, parent, start, around, -1, name, NO_FIELDS);
    node.end = end;
    return node;
  }

  get type(): FieldType {
    return this.member.type;
  }

  get bit(): number {
    return this.member.kind === 'uint' ? this.member.bit : 0;
  }

  get bits(): number {
    return this.member.kind === 'uint' ? this.member.bits : (this.end - this.start) * 8;
  }

  get guarded(): boolean {
    return this.member.guarded || (this.parent?.guarded ?? false);
  }

  get value(): FieldValue {
    return decodeValue(this.message, this.member, this.start, this.end);
  }

  get word(): string | null {
    if (this.member.kind !== 'uint' || this.member.words === null) return null;
    return this.member.words.wordOf(Number(readBits(this.message, this.start, this.member)));
  }

  get path(): string {
    if (this.parent === null) return '';
    const around = this.parent.path;
    if (this.index >= 0) return `${around}[${this.index}]`;
    const keyed = this.#keyedPath();
    if (keyed !== null) return keyed;
    return this.name === '' ? around : appendName(around, this.name);
  }

  /** The first field that these names lead to; of none, it itself. */
  at(names: readonly PathStep[]): FieldNode | undefined {
    let { children } = this;
    let found: FieldNode | undefined;
    for (const step of names) {
      if (step.kind !== 'name') return undefined;
      found = children.find((child) => child.name === step.name);
      if (found === undefined) return undefined;
      ({ children } = found);
    }
    return found ?? this;
  }

  /** Of an element of a keyed list: the word or text that names it. */
  get key(): string | null {
    const list = this.parent?.member;
    if (list?.kind !== 'list' || list.key === null) return null;
    const field = this.at(list.key);
    return field === undefined ? null : (field.word ?? String(field.value));
  }

  /** Of a keyed list: its elements of that key. */
  elements(key: string): readonly FieldNode[] {
    if (this.member.kind !== 'list' || this.member.key === null) return NO_FIELDS;
    const { ignoreCase } = this.member;
    this.#byKey ??= indexByKey(this.children, ignoreCase);
    return this.#byKey.get(asKey(key, ignoreCase)) ?? NO_FIELDS;
  }

  /** Of an element of a keyed list: what its key stands for. */
  get keyed(): FieldNode {
    const list = this.parent?.member;
    const value = list?.kind === 'list' ? list.value : null;
    return (value && this.at(value)) ?? this;
  }

  /** The element that it is the value of. */
  get element(): FieldNode | null {
    if (this.index >= 0) return null;
    let at = this.parent;
    while (at !== null && at.index < 0) at = at.parent;
    return at?.keyed === this ? at : null;
  }

  /** `match.eth_type`, where no other element of the list has that key. */
  #keyedPath(): string | null {
    const { element } = this;
    const list = element?.parent;
    const key = element?.key;
    if (typeof key !== 'string' || list?.elements(key).length !== 1) return null;
    return key === '' || key.includes('"') ? null : appendName(list.path, key);
  }
}

function indexByKey(elements: readonly FieldNode[], ignoreCase: boolean): Map<string, FieldNode[]> {
  const index = new Map<string, FieldNode[]>();
  for (const element of elements) {
    const spelled = element.key;
    if (spelled === null) continue;
    const key = asKey(spelled, ignoreCase);
    const same = index.get(key);
    if (same === undefined) index.set(key, [element]);
    else same.push(element);
  }
  return index;
}

/** Numbers without a word are known by their decimal digits. */
function asKey(spelled: string, ignoreCase: boolean): string {
  if (/^0x[\da-f]{1,12}$/i.test(spelled)) return String(Number(spelled));
  return ignoreCase ? spelled.toLowerCase() : spelled;
}
