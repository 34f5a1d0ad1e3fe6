import type { FieldEdit, ListEdit } from '../../../model/relay.ts';
import type { Random } from '../../../base/random.ts';
import type { Edited, Message } from '../contract.ts';
import type { StructMember } from '../grammar.ts';
import { type PathStep, parsePath } from '../path.ts';
import type { FieldNode } from './field-node.ts';
import { findFields } from './find.ts';
import { Reader } from './reader.ts';

/** How an edit is carried out. */
export type Editor = (
  message: ReadMessage,
  edit: FieldEdit | ListEdit,
  random: Random,
  fixup: boolean,
) => Edited;

/** A message whose fields are read when one of them is asked for. */
export class ReadMessage implements Message {
  readonly bytes: Uint8Array;
  readonly type: string;
  readonly #member: StructMember;
  readonly #editor: Editor;
  readonly #paths: PathCache;
  #fields: { readonly root: FieldNode; readonly fault: string | null } | undefined;

  constructor(
    bytes: Uint8Array,
    type: string,
    member: StructMember,
    editor: Editor,
    paths: PathCache,
  ) {
    this.bytes = bytes;
    this.type = type;
    this.#member = member;
    this.#editor = editor;
    this.#paths = paths;
  }

  get fault(): string | null {
    return this.#read().fault;
  }

  get root(): FieldNode {
    return this.#read().root;
  }

  find(path: string): readonly FieldNode[] {
    const steps = this.#paths.get(path);
    return steps === null ? [] : findFields(this.root, steps);
  }

  edit(edit: FieldEdit | ListEdit, random: Random, fixup: boolean): Edited {
    return this.#editor(this, edit, random, fixup);
  }

  #read(): { readonly root: FieldNode; readonly fault: string | null } {
    if (this.#fields !== undefined) return this.#fields;
    const reader = new Reader(this.bytes);
    const root = reader.read(this.#member);
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
