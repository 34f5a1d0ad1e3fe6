// `copy` → what is copied where and when. What comes out has its whole name; what goes in is named when it is copied, as
// the name of `..` or `~` shows only on the machine.
import type { CopyMoment, CopySpec } from '../../../model/container.ts';
import type { Copy, CopyIn, CopyOut } from '../../../model/scenario-file.ts';
import type { Context } from '../../context.ts';
import { normalizePath } from '../../source/resolve-path.ts';
import type { Path } from '../../source/tree.ts';

export interface ResolvedCopy {
  readonly path: Path;
  readonly copy: CopySpec;
}

export function resolveCopies(
  context: Context,
  written: Copy | undefined,
  path: Path,
): readonly ResolvedCopy[] {
  return [
    ...(written?.in ?? []).map((item, index) => copyIn(context, item, [...path, 'in', index])),
    ...(written?.out ?? []).map((item, index) => copyOut(item, [...path, 'out', index])),
  ];
}

function copyIn(context: Context, { from, to, at, after }: CopyIn, path: Path): ResolvedCopy {
  return {
    path,
    copy: {
      direction: 'in',
      from: context.filePath(from, [...path, 'from']),
      to: inFolder(to) ? `${normalizePath(to)}/`.replace('//', '/') : normalizePath(to),
      at: momentOf(after, at ?? 'create'),
    },
  };
}

function copyOut({ from, to = '', at, after }: CopyOut, path: Path): ResolvedCopy {
  const source = normalizePath(from);
  return {
    path,
    copy: {
      direction: 'out',
      from: source,
      to: normalizePath(to === '' || to.endsWith('/') ? `${to}${baseName(source)}` : to),
      at: momentOf(after, at ?? 'end'),
    },
  };
}

/** Whether a path names the folder that something is put into. */
const inFolder = (to: string): boolean => /\/\.{0,2}$/.test(to);

const momentOf = (
  after: string | undefined,
  at: Exclude<CopyMoment['when'], 'after'>,
): CopyMoment => (after === undefined ? { when: at } : { when: 'after', flow: after });

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
