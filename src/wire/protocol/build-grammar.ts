// ProtocolSpec → Grammar. The description has been checked; what a check lets through and cannot be compiled is a bug.
import { invariant } from '../../base/invariant.ts';
import type {
  FieldSpec,
  FieldType,
  LayoutSpec,
  ListSize,
  ProtocolSpec,
  SizeSpec,
} from '../../model/protocol.ts';
import { fromLatin1 } from '../bytes.ts';
import { bytesOf } from './bits.ts';
import type {
  ChoiceMember,
  Count,
  Grammar,
  Layout,
  LayoutSizeAt,
  ListMember,
  Member,
  Size,
  StructMember,
  UintMember,
  Until,
} from './grammar.ts';
import { layoutHead } from './layout-head.ts';
import { type PathStep, parsePath } from './path.ts';
import { Words } from './words.ts';

export function buildGrammar(spec: ProtocolSpec): Grammar {
  const builder = new GrammarBuilder(spec);
  const root = (layout: string): StructMember =>
    builder.struct({ name: '', type: { kind: 'struct', layout }, guarded: false }, layout, null);
  const { client, server } = spec.message;
  const roots = { client: root(client), server: root(server) };
  for (const name of Object.keys(spec.layouts)) builder.layout(name);
  return { spec, layouts: builder.layouts, roots, order: spec.order };
}

type Named = Pick<Member, 'name' | 'type' | 'guarded'>;
type TypeOf<K extends FieldType['kind']> = Extract<FieldType, { readonly kind: K }>;
const ADDRESS_BYTES = { mac: 6, ipv4: 4, ipv6: 16 } as const;

class GrammarBuilder {
  readonly layouts: Map<string, Layout> = new Map<string, Layout>();
  readonly #spec: ProtocolSpec;
  readonly #words = new Map<string, Words>();

  constructor(spec: ProtocolSpec) {
    this.#spec = spec;
  }

  /** Layouts may hold each other, so that one is known before its members are. */
  layout(name: string): Layout {
    const known = this.layouts.get(name);
    if (known !== undefined) return known;
    const spec = this.#spec.layouts[name];
    invariant(spec, `the layout "${name}" is there`);
    const members: Member[] = [];
    const size = this.#sizeAt(spec);
    const head = { leaves: [], members: 0, bytes: 0, size: -1 };
    const layout = { name, members, size, align: spec.align ?? 1, head };
    this.layouts.set(name, layout);
    members.push(...this.#members(spec));
    Object.assign(head, layoutHead(members, size));
    return layout;
  }

  struct(named: Named, layout: string, size: SizeSpec | null): StructMember {
    const room = size === null ? null : sizeOf(size);
    return { ...named, kind: 'struct', layout: this.layout(layout), size: room };
  }

  #sizeAt({ fields, size }: LayoutSpec): LayoutSizeAt | null {
    if (size === undefined) return null;
    const [first] = size.field.split('.');
    const member = fields.findIndex((field) => this.#holds(field, first));
    return { path: steps(size.field), member, plus: size.plus };
  }

  /** Whether a field is of this name, or a nameless struct with one that is. */
  #holds({ name, type }: FieldSpec, sought: string | undefined): boolean {
    if (name !== undefined || type.kind !== 'struct') return name === sought;
    const inner = this.#spec.layouts[type.layout]?.fields ?? [];
    return inner.some((field) => this.#holds(field, sought));
  }

  #members(spec: LayoutSpec): Member[] {
    const members: Member[] = [];
    let bits = 0;
    for (const [index, field] of spec.fields.entries()) {
      const { type } = field;
      if (type.kind !== 'uint') {
        members.push(this.#member(field));
        continue;
      }
      const skip = bits >>> 3;
      const next = spec.fields[index + 1]?.type;
      bits += type.bits;
      const isLast = bits % 8 === 0 || next?.kind !== 'uint';
      members.push(this.#uint(named(field), type, skip, (bits - type.bits) % 8, isLast));
      if (isLast) bits = 0;
    }
    return members;
  }

  #uint(
    common: Named,
    type: TypeOf<'uint'>,
    skip: number,
    bit: number,
    isLast: boolean,
  ): UintMember {
    const width = bytesOf(bit, type.bits);
    const words = type.enum === undefined ? null : this.#wordsOf(type.enum, type.flags ?? false);
    const { bits, little = false } = type;
    const advance = isLast ? skip + width : 0;
    return { ...common, kind: 'uint', bit, bits, little, skip, width, advance, words };
  }

  #wordsOf(name: string, isFlags: boolean): Words {
    const id = `${name}${isFlags ? ' flags' : ''}`;
    const words = this.#words.get(id) ?? new Words(this.#spec.enums[name] ?? {}, isFlags);
    this.#words.set(id, words);
    return words;
  }

  #member(field: FieldSpec): Member {
    const { type } = field;
    const common = named(field);
    switch (type.kind) {
      case 'uint':
        return this.#uint(common, type, 0, 0, true);
      case 'mac':
      case 'ipv4':
      case 'ipv6':
        return { ...common, kind: type.kind, width: ADDRESS_BYTES[type.kind] };
      case 'bytes':
      case 'string':
        return { ...common, kind: type.kind, size: sizeOf(type.size) };
      case 'text':
        return {
          ...common,
          kind: 'text',
          until: fromLatin1(type.until),
          blanks: type.blanks ?? false,
        };
      case 'name':
        return { ...common, kind: 'name', base: type.base };
      case 'pad':
        return { ...common, kind: 'pad', width: type.size };
      case 'struct':
        return this.struct(common, type.layout, type.size ?? null);
      case 'list':
        return this.#list(common, type);
      case 'choice':
        return this.#choice(common, type);
    }
  }

  #list(common: Named, type: TypeOf<'list'>): ListMember {
    const element = {
      name: '',
      type: { kind: 'struct', layout: type.of },
      guarded: false,
    } as const;
    return {
      ...common,
      kind: 'list',
      element: this.struct(element, type.of, null),
      size: listSizeOf(type.size),
      key: type.key === undefined ? null : steps(type.key),
      value: type.value === undefined ? null : steps(type.value),
      ignoreCase: type.ignoreCase ?? false,
    };
  }

  #choice(common: Named, type: TypeOf<'choice'>): ChoiceMember {
    const cases = new Map<string | number, Layout>();
    for (const [key, name] of Object.entries(type.cases)) {
      cases.set(key, this.layout(name));
      if (/^\d{1,15}$/.test(key)) cases.set(Number(key), this.layout(name));
    }
    const otherwise = type.else === undefined ? BODY : this.layout(type.else);
    return {
      ...common,
      kind: 'choice',
      on: steps(type.on),
      cases,
      otherwise,
      layouts: [...new Set([...cases.values(), otherwise])],
      size: type.size === undefined ? null : sizeOf(type.size),
    };
  }
}

const BODY: Layout = {
  name: 'body',
  members: [
    {
      name: 'body',
      type: { kind: 'bytes', size: 'rest' },
      guarded: false,
      kind: 'bytes',
      size: { kind: 'rest' },
    },
  ],
  size: null,
  align: 1,
  head: { leaves: [], members: 0, bytes: 0, size: -1 },
};

const named = ({ name = '', type, guarded }: FieldSpec): Named => ({
  name,
  type,
  guarded: guarded ?? false,
});

function steps(path: string): readonly PathStep[] {
  const parsed = parsePath(path);
  invariant(parsed.ok, `the path "${path}" can be read`);
  return parsed.value;
}

function sizeOf(size: SizeSpec): Size {
  if (size === 'rest') return { kind: 'rest' };
  if (typeof size === 'number') return { kind: 'fixed', bytes: size };
  return { kind: 'field', path: steps(size.field), plus: size.plus };
}

function listSizeOf(size: ListSize): Size | Count | Until {
  if (typeof size === 'object' && 'count' in size)
    return { kind: 'count', path: steps(size.count) };
  if (typeof size === 'object' && 'until' in size)
    return { kind: 'until', bytes: fromLatin1(size.until) };
  return sizeOf(size);
}
