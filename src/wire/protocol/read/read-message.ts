import type { FieldEdit, ListEdit } from '../../../model/relay.ts';
import type { Random } from '../../../base/random.ts';
import type { Edited, Message } from '../contract.ts';
import type { StructMember } from '../grammar.ts';
import { type PathStep, parsePath } from '../path.ts';
import type { FieldNode } from './field-node.ts';
import { findFields } from './find.ts';
import { Reader } from './reader.ts';
import type { TypeReader } from '../type-of.ts';

/** How an edit is carried out. */
export type Editor = (
  message: ReadMessage,
  edit: FieldEdit | ListEdit,
  random: Random,
  fixup: boolean,
) => Edited;

/** What messages of one side of a protocol have in common. */
export interface MessageKind {
  readonly member: StructMember;
  readonly typeOf: TypeReader;
  /** Whether a message has at most one field of a name, not counting those within others. */
  readonly isOnce: (name: string) => boolean;
  readonly editor: Editor;
  readonly paths: PathCache;
}

/** A message whose fields are read when one of them is asked for. */
export class ReadMessage implements Message {
  readonly bytes: Uint8Array;
  readonly type: string;
  readonly #kind: MessageKind;
  #fields: { readonly root: FieldNode; readonly fault: string | null } | undefined;

  constructor(bytes: Uint8Array, kind: MessageKind) {
    this.bytes = bytes;
    this.type = kind.typeOf(bytes);
    this.#kind = kind;
  }

  get member(): StructMember {
    return this.#kind.member;
  }

  get fault(): string | null {
    return this.#read().fault;
  }

  get root(): FieldNode {
    return this.#read().root;
  }

  find(path: string): readonly FieldNode[] {
    const steps = this.#kind.paths.get(path);
    return steps === null ? [] : findFields(this.root, steps);
  }

  /** As `find`, without what lies behind: the fields found know their values, and not what is around them. */
  glance(path: string): readonly FieldNode[] {
    const steps = this.#kind.paths.get(path);
    const [first] = steps ?? [];
    const isOnce = first?.kind === 'name' && this.#kind.isOnce(first.name);
    if (steps === null || this.#fields !== undefined || !isOnce) return this.find(path);
    return findFields(new Reader(this.bytes, first.name).read(this.#kind.member), steps);
  }

  edit(edit: FieldEdit | ListEdit, random: Random, fixup: boolean): Edited {
    return this.#kind.editor(this, edit, random, fixup);
  }

  /** Other bytes as such a message. */
  reread(bytes: Uint8Array): ReadMessage {
    return new ReadMessage(bytes, this.#kind);
  }

  #read(): { readonly root: FieldNode; readonly fault: string | null } {
    if (this.#fields !== undefined) return this.#fields;
    const reader = new Reader(this.bytes);
    const root = reader.read(this.#kind.member);
    this.#fields = { root, fault: reader.fault };
    return this.#fields;
  }
}

/** Paths come from rules, so that the same few come again and again. */
export class PathCache {
  static readonly #LIMIT = 4096;
  readonly #steps = new Map<string, readonly PathStep[] | null>();

  /** Null when it is no path. */
  get(path: string): readonly PathStep[] | null {
    const known = this.#steps.get(path);
    if (known !== undefined) return known;
    if (this.#steps.size >= PathCache.#LIMIT) this.#steps.clear();
    const parsed = parsePath(path);
    const steps = parsed.ok ? parsed.value : null;
    this.#steps.set(path, steps);
    return steps;
  }
}
