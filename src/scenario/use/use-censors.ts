// `use` of a censor: it is replaced by that of another file before anything is checked, so that every fault is shown in the file it is from.
import type { Result } from '../../base/result.ts';
import type { Faults } from '../faults.ts';
import { interpolate } from '../params/interpolate.ts';
import type { ScenarioFiles } from '../source/load-files.ts';
import { asList } from '../source/merge-trees.ts';
import { type MapTree, type ScalarTree, type Tree, UNKNOWN, treeAt } from '../source/tree.ts';
import { didYouMean } from '../suggest.ts';
import { listed } from '../text.ts';
import { type Library, findUsed, nearUsed } from './find-used.ts';
import { mergeCensor } from './merge-censor.ts';
import { withValues } from './with-values.ts';

export interface UseSources {
  readonly library: Library;
  readonly readFile: (path: string) => Result<string, string>;
  readonly files: ScenarioFiles;
  readonly faults: Faults;
}

/** `above` are the files that lead here, outermost first. A censor of which nothing could be used keeps its `use`. */
export function useCensors(root: MapTree, sources: UseSources, above: readonly string[]): MapTree {
  const entry = root.entries.get('censor');
  if (entry === undefined || entry.value.kind === 'scalar') return root;
  const censors = asList(entry.value);
  const items = censors.items.map((item) =>
    item.kind === 'map' ? use(item, sources, above) : item,
  );
  if (items.every((item, index) => item === censors.items[index])) return root;
  const entries = new Map(root.entries);
  return { ...root, entries: entries.set('censor', { ...entry, value: { ...censors, items } }) };
}

function use(own: MapTree, sources: UseSources, above: readonly string[]): MapTree {
  const wish = textAt(own, 'use');
  const settings = treeAt(own, ['with']);
  // What is of another form is for the schema to judge.
  if (wish === undefined || (settings !== undefined && settings.kind !== 'map')) return own;
  const used = censorOf(wish, settings, sources, above);
  return used === undefined ? own : mergeCensor(own, used);
}

function censorOf(
  wish: Text,
  settings: MapTree | undefined,
  sources: UseSources,
  above: readonly string[],
): MapTree | undefined {
  const { faults, files } = sources;
  const [name = '', part] = wish.value.split('#');
  const opened = open(wish, name, sources, above);
  if (opened === undefined) return undefined;
  const { file, text } = opened;
  const tree = files.load(file, text, above);
  if (tree === undefined) return undefined;
  const params = withValues(tree, settings, name, wish.span, faults);
  const filled = useCensors(interpolate(tree, params, faults), sources, [...above, file]);
  return pick(filled, name, part, wish, faults);
}

/** Undefined, with a report, when there is no such file, or it leads back to itself. */
function open(
  { span }: Text,
  name: string,
  { library, readFile, faults }: UseSources,
  above: readonly string[],
): { readonly file: string; readonly text: string } | undefined {
  const file = name === '' ? undefined : findUsed(name, span.file, library);
  if (file === undefined) {
    const near = nearUsed(name, library);
    faults.add('S087', span, `There is no scenario "${name}" to take a censor from`, {
      help:
        near === undefined
          ? 'It is looked for beside this file, with ".yaml" too, and among runner\'s own scenarios'
          : `Did you mean "${near}"?`,
    });
    return undefined;
  }
  if (above.includes(file)) {
    const loop = [...above.slice(above.indexOf(file)), file].join(' -> ');
    faults.add('S021', span, `The file "${file}" leads back to itself: ${loop}`);
    return undefined;
  }
  const text = readFile(file);
  if (text.ok) return { file, text: text.value };
  faults.add('S020', span, `Cannot read "${file}": ${text.error}`);
  return undefined;
}

function pick(
  tree: MapTree,
  name: string,
  part: string | undefined,
  { span }: Text,
  faults: Faults,
): MapTree | undefined {
  const section = tree.entries.get('censor')?.value;
  const all = section === undefined || section.kind === 'scalar' ? [] : asList(section).items;
  const censors = all.filter((item): item is MapTree => item.kind === 'map');
  const names = censors.flatMap((item) => textAt(item, 'name')?.value ?? []);
  const [only, another] =
    part === undefined ? censors : censors.filter((item) => textAt(item, 'name')?.value === part);
  if (only === undefined)
    faults.add(
      'S087',
      span,
      part === undefined
        ? `The scenario "${name}" has no censor`
        : `The scenario "${name}" has no censor "${part}"`,
      {
        help:
          part === undefined || names.length === 0
            ? undefined
            : (didYouMean(part, names) ?? `It has: ${names.join(', ')}`),
      },
    );
  else if (another !== undefined)
    faults.add('S087', span, `The scenario "${name}" has ${censors.length} censors`, {
      help: `Name one: ${listed(names.map((item) => `${name}#${item}`))}`,
    });
  else if (textAt(only, 'use') === undefined) return only;
  return undefined;
}

type Text = ScalarTree & { readonly value: string };

function textAt(tree: Tree, key: string): Text | undefined {
  const value = treeAt(tree, [key]);
  return value !== undefined && isText(value) && value.value !== UNKNOWN ? value : undefined;
}

const isText = (tree: Tree): tree is Text =>
  tree.kind === 'scalar' && typeof tree.value === 'string';
