// What the schema cannot say: names that are there, sizes that come first, bits that fill bytes, layouts that end.
import type { FieldSpec, ProtocolSpec } from '../../model/protocol.ts';
import type { Faults } from '../faults.ts';
import { type MapTree, type Path, spanAt } from '../source/tree.ts';
import { didYouMean } from '../suggest.ts';
import { checkEndless } from './check-endless.ts';
import type { WrittenField, WrittenLayout } from './written.ts';

export function checkProtocol(
  spec: ProtocolSpec,
  layouts: readonly WrittenLayout[],
  tree: MapTree,
  faults: Faults,
): void {
  const check = new ProtocolCheck(spec, layouts, faults);
  check.top(tree);
  for (const layout of layouts) check.layout(layout);
  checkEndless(layouts, faults);
}

class ProtocolCheck {
  readonly #spec: ProtocolSpec;
  readonly #layouts: ReadonlyMap<string, WrittenLayout>;
  readonly #faults: Faults;

  constructor(spec: ProtocolSpec, layouts: readonly WrittenLayout[], faults: Faults) {
    this.#spec = spec;
    this.#layouts = new Map(layouts.map((layout) => [layout.name, layout]));
    this.#faults = faults;
  }

  /** Which layouts messages have, and which field says their type. */
  top(tree: MapTree): void {
    const { message, type, inherits = [], answers } = this.#spec;
    for (const name of new Set([message.client, message.server]))
      this.#layoutNamed(name, spanAt(tree, ['message']));
    if (type !== null) this.#fieldAt(type, tree, ['type']);
    for (const path of inherits) this.#fieldAt(path, tree, ['inherits']);
    if (answers === undefined) return;
    this.#fieldAt(answers.id, tree, ['answers', 'id']);
    for (const [error, words] of Object.entries(answers.errors))
      for (const word of words) this.#fieldAt(word, tree, ['answers', 'errors', error]);
  }

  #fieldAt(path: string, tree: MapTree, place: Path): void {
    const last = path.split('.').at(-1) ?? '';
    if (this.#isField(last)) return;
    this.#faults.add('S170', spanAt(tree, place), `No layout has the field "${last}"`, {
      help: didYouMean(last, this.#fieldNames()),
    });
  }

  layout(layout: WrittenLayout): void {
    const { fields, size } = layout;
    this.#bits(layout);
    for (const [index, field] of fields.entries()) this.#field(field, fields, index);
    if (size === undefined || this.#isWithin(fields, size.field)) return;
    this.#faults.add(
      'S170',
      layout.span,
      `The size of "${layout.name}" is to be in "${size.field}", which is no field of it`,
      { help: didYouMean(size.field, namesOf(fields)) },
    );
  }

  #field(field: WrittenField, fields: readonly WrittenField[], index: number): void {
    const { type } = field.spec;
    switch (type.kind) {
      case 'uint':
        if (type.enum !== undefined && !Object.hasOwn(this.#spec.enums, type.enum))
          this.#faults.add('S170', field.span, `There is no enum "${type.enum}"`, {
            help: didYouMean(type.enum, Object.keys(this.#spec.enums)),
          });
        return;
      case 'bytes':
      case 'string':
        this.#size(type.size, field, fields, index);
        return;
      case 'struct':
        this.#layoutNamed(type.layout, field.span);
        this.#size(type.size ?? 'rest', field, fields, index);
        return;
      case 'list':
        this.#layoutNamed(type.of, field.span);
        if (field.spec.name === undefined && type.key === undefined)
          this.#faults.add('S174', field.span, 'A list without a name needs a "key"');
        this.#size(type.size, field, fields, index);
        return;
      case 'choice': {
        const { else: otherwise } = type;
        const layouts = new Set(Object.values(type.cases));
        for (const name of otherwise === undefined ? layouts : layouts.add(otherwise))
          this.#layoutNamed(name, field.span);
        this.#before(type.on, field, fields, index);
        this.#size(type.size ?? 'rest', field, fields, index);
        return;
      }
      case 'mac':
      case 'ipv4':
      case 'ipv6':
      case 'text':
      case 'name':
      case 'pad':
    }
  }

  #size(
    size: Extract<FieldSpec['type'], { readonly kind: 'list' }>['size'],
    field: WrittenField,
    fields: readonly WrittenField[],
    index: number,
  ): void {
    if (typeof size !== 'object') return;
    if ('count' in size) this.#before(size.count, field, fields, index);
    else if ('field' in size) this.#before(size.field, field, fields, index);
  }

  /** What a field goes by has been read by then: it lies before it, or in a layout around. */
  #before(path: string, field: WrittenField, fields: readonly WrittenField[], index: number): void {
    const [first = ''] = path.split('.');
    if (this.#isWithin(fields.slice(0, index), first)) return;
    if (this.#isWithin(fields.slice(index), first)) {
      this.#faults.add('S171', field.span, `"${path}" comes too late: it has to be read before`);
      return;
    }
    if (this.#isField(first)) return;
    this.#faults.add('S170', field.span, `There is no field "${path}"`, {
      help: didYouMean(first, this.#fieldNames()),
    });
  }

  #layoutNamed(name: string, span: WrittenField['span']): void {
    if (this.#layouts.has(name)) return;
    this.#faults.add('S170', span, `There is no layout "${name}"`, {
      help: didYouMean(name, this.#layouts.keys()),
    });
  }

  /** Numbers next to each other fill whole bytes. */
  #bits({ fields }: WrittenLayout): void {
    let bits = 0;
    for (const [index, { spec, span }] of fields.entries()) {
      if (spec.type.kind !== 'uint') continue;
      bits += spec.type.bits;
      if (spec.type.little === true && (bits - spec.type.bits) % 8 !== 0)
        this.#faults.add('S172', span, 'A little-endian number has to begin at a whole byte');
      if (fields[index + 1]?.spec.type.kind === 'uint' || bits % 8 === 0) {
        if (bits % 8 === 0) bits = 0;
        continue;
      }
      this.#faults.add('S172', span, `The bits up to here fill no bytes: they are ${bits}`, {
        help: `Add a field of ${8 - (bits % 8)} bits`,
      });
      bits = 0;
    }
  }

  /** Whether a name is one of these, or of a nameless part of them. */
  #isWithin(fields: readonly WrittenField[], path: string, depth = 16): boolean {
    const [first] = path.split('.');
    return fields.some(({ spec: { name, type } }) => {
      if (name !== undefined) return name === first;
      if (type.kind !== 'struct' || depth === 0) return false;
      return this.#isWithin(this.#layouts.get(type.layout)?.fields ?? [], path, depth - 1);
    });
  }

  #isField(name: string): boolean {
    return this.#fieldNames().includes(name);
  }

  #fieldNames(): readonly string[] {
    return [...this.#layouts.values()].flatMap(({ fields }) => namesOf(fields));
  }
}

const namesOf = (fields: readonly WrittenField[]): readonly string[] =>
  fields.flatMap(({ spec: { name } }) => (name === undefined ? [] : [name]));
