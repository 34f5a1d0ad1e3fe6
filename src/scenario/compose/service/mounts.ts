// volumes, tmpfs, configs, secrets → mounts
import type { Span } from '../../../base/diagnostic.ts';
import { type MapEntry, type Tree, childOf } from '../../source/tree.ts';
import { didYouMean } from '../../suggest.ts';
import { composeBytes, scenarioSize } from '../quantities.ts';
import { type Entry, type Item, blockOf, entry } from '../write/yaml-value.ts';
import type { ServiceContext } from './context.ts';

/** A mount as any of the ways to write one has it. */
export interface Mount {
  readonly kind: 'bind' | 'volume' | 'tmpfs';
  /** A path seen from the scenario's folder, or a volume's name; of a tmpfs its size, if it has one. */
  readonly from: string | undefined;
  readonly to: string;
  readonly readOnly: boolean;
}

/** Options that change nothing in a lab. */
const MODES = /^(rw|z|Z|cached|delegated|consistent|nocopy|r?(private|shared|slave))$/;
const LONG_KEYS = new Set([
  'type',
  'source',
  'target',
  'read_only',
  'bind',
  'volume',
  'tmpfs',
  'consistency',
]);

export function mountEntries(
  context: ServiceContext,
  labels: ReadonlyMap<string, string>,
  container: string,
  inherited: readonly Mount[],
): readonly Entry[] {
  const mounts = new Map<string, Mount>();
  for (const mount of [...inherited, ...mountsOf(context, labels, container)])
    mounts.set(mount.to, mount);
  return mounts.size === 0 ? [] : [entry('mounts', Array.from(mounts.values(), written))];
}

/** `labels`: what the named volumes are called in the scenario; those without a name are called after the container. */
export function mountsOf(
  context: ServiceContext,
  labels: ReadonlyMap<string, string>,
  container: string,
): readonly Mount[] {
  const { reader } = context;
  let anonymous = 0;
  const volumes = reader.items(context.at('volumes')).flatMap((item) => {
    const parts = item.kind === 'map' ? longForm(context, item) : shortForm(context, item);
    if (parts === undefined) return [];
    if (parts.kind !== 'volume') return [parts];
    if (parts.from !== undefined) return named(context, parts, parts.from, item.span, labels);
    anonymous += 1;
    const suffix = anonymous === 1 ? 'data' : `data-${anonymous}`;
    return [{ ...parts, from: `${container}-${suffix}` }];
  });
  const memory = reader.texts(context.at('tmpfs'), 'tmpfs').map(({ text }): Mount => {
    const [to = '', options = ''] = text.split(':');
    const size = /(?:^|,)size=([^,]+)/.exec(options)?.[1];
    return { kind: 'tmpfs', from: size, to, readOnly: false };
  });
  return [
    ...volumes,
    ...memory,
    ...files(context, 'configs', (name) => `/${name}`),
    ...files(context, 'secrets', (name) => `/run/secrets/${name}`),
  ].filter((mount) => mount.to.startsWith('/'));
}

function shortForm(context: ServiceContext, item: Tree): Mount | undefined {
  const text = context.reader.text(item, 'volumes');
  if (text === undefined) return undefined;
  const parts = text.split(':');
  if (parts.length === 1) return { kind: 'volume', from: undefined, to: text, readOnly: false };
  const [from = '', to = '', modes = ''] = parts;
  const isUnknown =
    modes !== '' && !modes.split(',').every((mode) => mode === 'ro' || MODES.test(mode));
  if (parts.length > 3 || !to.startsWith('/') || isUnknown) {
    context.notes.error(
      'C010',
      item.span,
      `Expected a volume such as "./folder:/place:ro", found "${text}"`,
      'Paths are those of Linux; write a map with "type", "source" and "target" where a path has a colon',
    );
    return undefined;
  }
  const readOnly = modes.split(',').includes('ro');
  if (!/^[./~]/.test(from)) return { kind: 'volume', from, to, readOnly };
  return { kind: 'bind', from: context.rebase(from, item.span), to, readOnly };
}

function longForm(context: ServiceContext, item: Tree): Mount | undefined {
  const { reader, notes } = context;
  const at = (...path: readonly string[]): string | undefined => {
    let tree: Tree | undefined = item;
    for (const key of path) tree = tree && childOf(tree, key);
    return reader.text(tree, `volumes.${path.join('.')}`);
  };
  if (item.kind === 'map')
    for (const [key, { keySpan }] of item.entries)
      if (!LONG_KEYS.has(key) && !key.startsWith('x-')) notes.leaveOut(`volumes.${key}`, keySpan);
  const to = at('target');
  const type = at('type') ?? 'volume';
  if (to?.startsWith('/') !== true) {
    notes.error('C010', item.span, 'Expected an absolute path as "target" of a volume');
    return undefined;
  }
  const readOnly = reader.flag(childOf(item, 'read_only'), 'read_only') === true;
  const from = at('source');
  if (at('volume', 'subpath') !== undefined)
    notes.warn(
      'C028',
      item.span,
      `A scenario mounts whole volumes: "subpath" of "${to}" is left out`,
      {
        comment: `${to} is a part of the volume only in the compose file`,
      },
    );
  if (type === 'tmpfs') return { kind: 'tmpfs', from: at('tmpfs', 'size'), to, readOnly: false };
  if (type === 'bind' && from !== undefined)
    return { kind: 'bind', from: context.rebase(from, item.span), to, readOnly };
  if (type === 'volume') return { kind: 'volume', from, to, readOnly };
  notes.warn('C028', item.span, `A scenario has no mount of type "${type}": "${to}" is left out`, {
    comment: `${to}: a mount of type ${type} is left out`,
  });
  return undefined;
}

/** A volume as the top of the file defines it: most are volumes of the lab, some are folders in disguise. */
function named(
  context: ServiceContext,
  mount: Mount,
  name: string,
  span: Span,
  labels: ReadonlyMap<string, string>,
): readonly Mount[] {
  const definition = context.project.sections.volumes.get(name)?.value;
  if (definition === undefined) {
    const known = context.project.sections.volumes.keys();
    context.notes.error(
      'C003',
      span,
      `The volume "${name}" is not defined`,
      didYouMean(name, known) ??
        `Write volumes: { ${name}: {} } at the top of the file, or "./${name}" for a folder`,
    );
    return [];
  }
  const option = (key: string): string | undefined => {
    const options = childOf(definition, 'driver_opts');
    return context.reader.text(options && childOf(options, key), `driver_opts.${key}`);
  };
  const device = option('device');
  const isBind = /(^|,)r?bind(,|$)/.test(option('o') ?? '');
  if (isBind && device !== undefined)
    return [{ ...mount, kind: 'bind', from: context.rebase(device, definition.span) }];
  if (option('type') === 'tmpfs')
    return [
      {
        ...mount,
        kind: 'tmpfs',
        from: /size=([^,]+)/.exec(option('o') ?? '')?.[1],
        readOnly: false,
      },
    ];
  return [{ ...mount, from: labels.get(name) ?? name }];
}

/** Configs and secrets, which are files of the machine or cannot be had. */
function files(
  context: ServiceContext,
  section: 'configs' | 'secrets',
  placeOf: (name: string) => string,
): readonly Mount[] {
  const { reader, notes } = context;
  return reader.items(context.at(section)).flatMap((item): readonly Mount[] => {
    const isMap = item.kind === 'map';
    const name = reader.text(isMap ? childOf(item, 'source') : item, section);
    if (name === undefined) return [];
    const target = isMap ? reader.text(childOf(item, 'target'), `${section}.target`) : undefined;
    const to = target?.startsWith('/') === true ? target : placeOf(target ?? name);
    if (isMap)
      for (const key of ['uid', 'gid', 'mode'])
        if (item.entries.has(key)) notes.leaveOut(`${section}.${key}`, item.span);
    const definition: MapEntry | undefined = context.project.sections[section].get(name);
    const file = definition && childOf(definition.value, 'file');
    const path = reader.text(file, `${section}.${name}.file`);
    if (path !== undefined && file !== undefined)
      return [{ kind: 'bind', from: context.rebase(path, file.span), to, readOnly: true }];
    if (definition === undefined)
      notes.error(
        'C003',
        item.span,
        `"${name}" is not defined under "${section}"`,
        didYouMean(name, context.project.sections[section].keys()),
      );
    else
      notes.warn('C028', item.span, `"${name}" of "${section}" is no file: "${to}" is left out`, {
        comment: `${to} is left out: it comes from no file`,
        help: `Put it into a file, and mount that: mounts: ["./${name}:${to}:ro"]`,
      });
    return [];
  });
}

function written({ kind, from, to, readOnly }: Mount): Item {
  if (kind === 'tmpfs') {
    const bytes = composeBytes(from ?? '');
    return blockOf({ tmpfs: bytes === undefined || bytes === 0 ? true : scenarioSize(bytes), to });
  }
  const source = from ?? '';
  if (source.includes(':') || to.includes(':'))
    return blockOf({ [kind]: source, to, readOnly: readOnly || undefined });
  return `${source}:${to}${readOnly ? ':ro' : ''}`;
}
