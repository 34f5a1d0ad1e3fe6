// `mounts` → binds, volumes and memory. What cannot be read is reported, and left out.
import type { MountSpec } from '../../../model/container.ts';
import type { Container } from '../../../model/scenario-file.ts';
import type { Context } from '../../context.ts';
import { normalizePath } from '../../source/resolve-path.ts';
import type { Path } from '../../source/tree.ts';
import { bytes } from '../quantity.ts';

export interface ResolvedMount {
  readonly path: Path;
  readonly mount: MountSpec;
}

type Written = NonNullable<Container['mounts']>[number];

export function resolveMounts(
  context: Context,
  written: Container['mounts'],
  path: Path,
): readonly ResolvedMount[] {
  return (written ?? []).flatMap((item, index): ResolvedMount[] => {
    const at = [...path, index];
    const mount =
      typeof item === 'string' ? fromText(context, item, at) : fromMap(context, item, at);
    if (mount === undefined) return [];
    return [{ path: at, mount: { ...mount, to: normalizePath(mount.to) } }];
  });
}

function fromText(context: Context, text: string, path: Path): MountSpec | undefined {
  const [from = '', to, mode, ...more] = text.split(':');
  const isMode = mode === undefined || mode === 'ro' || mode === 'rw';
  if (from === '' || to === undefined || to === '' || !isMode || more.length > 0) {
    context.report('S124', path, `Expected a mount such as "./site:/srv:ro", found "${text}"`, {
      help: 'Where a path has a colon in it, write { bind: ./a:b, to: /srv, readOnly: true }',
    });
    return undefined;
  }
  const readOnly = mode === 'ro';
  return /^[/.~]/.test(from)
    ? { kind: 'bind', from: context.filePath(from, path), to, readOnly }
    : { kind: 'volume', name: from, to, readOnly };
}

function fromMap(
  context: Context,
  { bind, volume, tmpfs, to, readOnly = false }: Exclude<Written, string>,
  path: Path,
): MountSpec | undefined {
  if (bind !== undefined)
    return { kind: 'bind', from: context.filePath(bind, [...path, 'bind']), to, readOnly };
  if (volume !== undefined) return { kind: 'volume', name: volume, to, readOnly };
  if (tmpfs === false || readOnly) {
    const [key, why] =
      tmpfs === false ? ['tmpfs', 'true or a size'] : ['readOnly', 'memory that can be written to'];
    context.report(
      'S124',
      [...path, key],
      `Expected ${why}, found ${String(tmpfs === false ? tmpfs : readOnly)}`,
      {
        help: 'Remove it',
      },
    );
    return undefined;
  }
  return { kind: 'tmpfs', to, size: typeof tmpfs === 'string' ? bytes(tmpfs) : null };
}
