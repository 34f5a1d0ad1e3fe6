import { nearest } from '../../base/nearest.ts';
import { resolvePath } from '../source/resolve-path.ts';

/** Where the files may be that a `use` names. */
export interface Library {
  readonly isFile: (path: string) => boolean;
  /** The folder of runner's own scenarios. */
  readonly folder?: string;
  /** The scenarios there, as `use` names them: `censors/gfw-sni`. */
  readonly names?: () => readonly string[];
}

/** The file that `name` in `from` means; undefined when there is none. */
export function findUsed(name: string, from: string, library: Library): string | undefined {
  const { folder } = library;
  const isPlace = /^(\.{0,2}\/|~\/)/.test(name);
  const places = [
    name.startsWith('~/') ? name : resolvePath(from, name),
    ...(folder === undefined || isPlace ? [] : [resolvePath(`${folder}/`, name)]),
  ];
  const endings = /\.ya?ml$/.test(name) ? [''] : ['', '.yaml', '.yml'];
  return places
    .flatMap((place) => endings.map((ending) => `${place}${ending}`))
    .find(library.isFile);
}

/** What was meant most likely, by the whole name or its last part. */
export function nearUsed(name: string, { names }: Library): string | undefined {
  const known = names?.() ?? [];
  const last = (text: string): string => text.slice(text.lastIndexOf('/') + 1);
  const bare = name.replace(/\.ya?ml$/, '');
  const near = nearest(bare, known) ?? known.find((item) => last(item) === last(bare));
  if (near !== undefined) return near;
  const part = nearest(last(bare), known.map(last));
  return known.find((item) => last(item) === part);
}
