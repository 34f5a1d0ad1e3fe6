// Values of parameters that are several: where a file writes them, and what stands for them in other places.
import type { ParamList } from '../../model/plan.ts';
import type { Span } from '../../base/diagnostic.ts';
import {
  type ListTree,
  type MapTree,
  type ScalarTree,
  type Tree,
  UNKNOWN,
  treeAt,
} from '../source/tree.ts';
import type { ParamType } from './param-types.ts';

type ListType = Extract<ParamType, 'list' | 'names'>;

export const isListType = (type: ParamType): type is ListType =>
  type === 'list' || type === 'names';

/** A list of texts; with `names` also files, one alone, and alternatives separated by "|". Undefined for anything else. */
export function listTree(type: ListType, written: Tree): ListTree | undefined {
  const items = written.kind === 'list' ? written.items : type === 'names' ? [written] : undefined;
  const found = items?.flatMap((item) => (type === 'names' ? namesIn(item) : textIn(item)));
  if (found === undefined || found.includes(undefined)) return undefined;
  return {
    kind: 'list',
    span: written.span,
    items: found.filter((item) => item !== undefined),
  };
}

/** From the command line: texts separated by commas, or by "|". */
export const writtenList = (text: string, span: Span): ListTree => ({
  kind: 'list',
  span,
  items: text
    .split(/[,|]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((value): ScalarTree => ({ kind: 'scalar', span, value })),
});

export const listOf = (tree: ListTree): ParamList =>
  tree.items.flatMap((item): ParamList => {
    if (item.kind === 'scalar') return [String(item.value)];
    const file = fileIn(item);
    return file === undefined ? [] : [{ file }];
  });

function namesIn(item: Tree): readonly (ScalarTree | MapTree | undefined)[] {
  if (item.kind === 'map') return [fileIn(item) === undefined ? undefined : item];
  const [text] = textIn(item);
  if (text === undefined) return [undefined];
  return String(text.value)
    .split('|')
    .map((part) => ({ ...text, value: part.trim() }));
}

/** A number is taken as it is written. */
const textIn = (item: Tree): readonly [ScalarTree | undefined] => [
  item.kind === 'scalar' && item.value !== null && item.value !== UNKNOWN
    ? { ...item, value: item.source ?? String(item.value) }
    : undefined,
];

function fileIn(item: Tree): string | undefined {
  const file = treeAt(item, ['file']);
  const isAlone = item.kind === 'map' && item.entries.size === 1;
  return isAlone && file?.kind === 'scalar' && typeof file.value === 'string'
    ? file.value
    : undefined;
}
