// Parameters that are numbers or truth values, where only text will do.
import type { SchemaFault } from '../schema-fault.ts';
import type { MapEntry, MapTree, Tree } from '../source/tree.ts';

/** The tree with the text of each parameter that fills a place for text; all else is as it was. */
export function withParameterTexts(root: MapTree, faults: readonly SchemaFault[]): MapTree {
  const places = new Set(
    faults.flatMap(({ keyword, instancePath, params, data }) => {
      const wanted = [params['type']].flat();
      const isPlain = typeof data === 'number' || typeof data === 'boolean';
      return keyword === 'type' && isPlain && wanted.includes('string') ? [instancePath] : [];
    }),
  );
  return places.size === 0 ? root : ofMap(root, '', places);
}

function ofTree(tree: Tree, pointer: string, places: ReadonlySet<string>): Tree {
  switch (tree.kind) {
    case 'map':
      return ofMap(tree, pointer, places);
    case 'list':
      return {
        ...tree,
        items: tree.items.map((item, index) => ofTree(item, `${pointer}/${index}`, places)),
      };
    case 'scalar':
      return tree.isParameter === true && places.has(pointer)
        ? { ...tree, value: String(tree.value) }
        : tree;
  }
}

function ofMap(tree: MapTree, pointer: string, places: ReadonlySet<string>): MapTree {
  const entries = Array.from(tree.entries, ([key, entry]): [string, MapEntry] => {
    const step = key.replaceAll('~', '~0').replaceAll('/', '~1');
    return [key, { ...entry, value: ofTree(entry.value, `${pointer}/${step}`, places) }];
  });
  return { ...tree, entries: new Map(entries) };
}
