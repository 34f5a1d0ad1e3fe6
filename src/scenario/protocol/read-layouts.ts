// The layouts of a description, field by field.
import type { FieldSpec } from '../../model/protocol.ts';
import type { Faults } from '../faults.ts';
import { type MapTree, type Tree, keySpanAt, toData, treeAt } from '../source/tree.ts';
import { readType } from './read-type.ts';
import { readFieldSize } from './size-text.ts';
import { NAMELESS } from './type-keys.ts';
import type { WrittenField, WrittenLayout } from './written.ts';

export function readLayouts(root: MapTree, faults: Faults): readonly WrittenLayout[] {
  const layouts = treeAt(root, ['layouts']);
  if (layouts?.kind !== 'map') return [];
  return Array.from(layouts.entries, ([name, { keySpan, value }]) => {
    const fields = value.kind === 'list' ? value : treeAt(value, ['fields']);
    return {
      name,
      span: keySpan,
      fields: fields?.kind === 'list' ? fields.items.flatMap((item) => field(item, faults)) : [],
      size: layoutSize(value, faults),
      align: numberAt(value, 'align'),
    };
  });
}

function layoutSize(layout: Tree, faults: Faults): WrittenLayout['size'] {
  const tree = treeAt(layout, ['size']);
  if (tree?.kind !== 'scalar') return undefined;
  const size = typeof tree.value === 'string' ? readFieldSize(tree.value) : undefined;
  if (size === undefined)
    faults.add(
      'S046',
      tree.span,
      `Expected a field such as "length - 4", found ${String(tree.value)}`,
    );
  return size;
}

function numberAt(tree: Tree, key: string): number | undefined {
  const found = treeAt(tree, [key]);
  return found?.kind === 'scalar' && typeof found.value === 'number' ? found.value : undefined;
}

/** `- length: uint16`, or without a name `- struct: header`. */
function field(item: Tree, faults: Faults): WrittenField[] {
  if (item.kind !== 'map') return [];
  const span = keySpanAt(item, []);
  const keys = [...item.entries.keys()];
  // Behind the name of a field there may be a map, behind the kind of a nameless one what it is of.
  const isNameless = keys.some(
    (key) => NAMELESS.includes(key) && treeAt(item, [key])?.kind === 'scalar',
  );
  const [name = ''] = keys;
  if (!isNameless && keys.length !== 1) {
    faults.add('S048', span, `Expected a field of one name, found ${keys.join(', ')}`, {
      help: 'Write its type behind the name: "- flags: { uint: 8, enum: flags }"',
    });
    return [];
  }
  const type = readType(toData(isNameless ? item : (treeAt(item, [name]) ?? item)));
  if (!type.ok) {
    faults.add('S174', span, isNameless ? type.fault : `"${name}": ${type.fault}`, {
      help: type.help,
    });
    return [];
  }
  const spec: FieldSpec = {
    ...(isNameless ? {} : { name }),
    type: type.type,
    ...(type.guarded ? { guarded: true } : {}),
  };
  return [{ spec, span }];
}
