// volumes, tmpfs, configs, secrets → mounts
import type { Span } from '../../../base/diagnostic.ts';
import { type MapEntry, type Tree, childOf } from '../../source/tree.ts';
import { CONTAINER_FOLDER } from '../../../model/container.ts';
import { didYouMean } from '../../suggest.ts';
import { isNothing } from '../reader.ts';
import { normalizePath } from '../../source/resolve-path.ts';
import { composeBytes, scenarioSize } from '../quantities.ts';
import { type Entry, type Item, blockOf, entry } from '../../write/yaml-value.ts';
import type { ServiceContext } from './context.ts';
import { tellReach } from './reach.ts';

/** A mount as any of the ways to write one has it. */
export interface Mount {
  readonly kind: 'bind' | 'volume' | 'tmpfs';
  /** A path seen from the scenario's folder, or a volume's name; of a tmpfs its size, if it has one. */
  readonly from: string | undefined;
  readonly to: string;
  readonly readOnly: boolean;
}

/** Options that change nothing in a lab. */
const MODES = /^(rw|z|Z|cached|delegated|consistent|nocopy)$/;
const PROPAGATION = /^r?(private|shared|slave)$/;
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
  tellReach(context, mounts.values());
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
  const memory = reader.texts(context.at('tmpfs'), 'tmpfs').map(({ text, span }): Mount => {
    const [to = '', options = ''] = text.split(':');
    return memoryMount(context, to, options, span);
  });
  return [
    ...volumes,
    ...memory,
    ...files(context, 'configs', (name) => `/${name}`),
    ...files(context, 'secrets', (name) => `/run/secrets/${name}`),
  ]
    .map((mount) => ({ ...mount, to: normalizePath(mount.to) }))
    .filter(({ to }) => hasPlace(context, to));
}

/** What can be mounted over in a container. */
function hasPlace(context: ServiceContext, to: string): boolean {
  const isTaken = to === '/' || to === CONTAINER_FOLDER || to.startsWith(`${CONTAINER_FOLDER}/`);
  if (to.startsWith('/') && !isTaken) return true;
  context.notes.warn(
    'C028',
    context.spanOf('volumes'),
    `Nothing can be mounted at "${to}": it is left out`,
    { comment: `${to}: the mount is left out`, help: 'Name an absolute path below the root' },
  );
  return false;
}

/** Options of mount(8): of them a scenario has the size in bytes. */
function memoryMount(context: ServiceContext, to: string, options: string, span: Span): Mount {
  let size: string | undefined;
  for (const option of options.split(',')) {
    const written = /^size=(.+)$/.exec(option)?.[1];
    if (written !== undefined && composeBytes(written) !== undefined) size = written;
    else if (option !== '' && option !== 'rw')
      context.notes.leaveOut(`tmpfs ${to} ${option}`, span);
  }
  return { kind: 'tmpfs', from: size, to, readOnly: false };
}

/** `C:\\data` or `C:/data`. */
const WINDOWS = /^[A-Za-z]:[\\/]/;

function leaveOutWindows(context: ServiceContext, text: string, span: Span): void {
  context.notes.warn('C028', span, `A path of Windows cannot be mounted: "${text}" is left out`, {
    comment: `${text} is left out: a path of Windows`,
    help: 'Write a path of the machine that runs the lab',
  });
}

function shortForm(context: ServiceContext, item: Tree): Mount | undefined {
  const text = context.reader.text(item, 'volumes');
  if (text === undefined) return undefined;
  if (WINDOWS.test(text)) {
    leaveOutWindows(context, text, item.span);
    return undefined;
  }
  const parts = text.split(':');
  if (parts.length === 1) return { kind: 'volume', from: undefined, to: text, readOnly: false };
  const [from = '', to = '', modes = ''] = parts;
  const isUnknown =
    modes !== '' &&
    !modes.split(',').every((mode) => mode === 'ro' || MODES.test(mode) || PROPAGATION.test(mode));
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
  for (const mode of modes.split(','))
    if (PROPAGATION.test(mode)) context.notes.leaveOut(`the propagation ${mode}`, item.span);
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
  for (const path of [
    ['tmpfs', 'mode'],
    ['bind', 'propagation'],
    ['bind', 'recursive'],
  ] as const)
    if (at(...path) !== undefined) notes.leaveOut(`volumes.${path.join('.')}`, item.span);
  if (type === 'tmpfs') {
    const size = at('tmpfs', 'size');
    return memoryMount(context, to, size === undefined ? '' : `size=${size}`, item.span);
  }
  if (from !== undefined && WINDOWS.test(from)) {
    leaveOutWindows(context, from, item.span);
    return undefined;
  }
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
  if (option('type') === 'tmpfs') return [memoryMount(context, mount.to, option('o') ?? '', span)];
  tellElsewhere(context, name, definition);
  return [{ ...mount, from: labels.get(name) ?? name }];
}

/** A volume whose contents are made or kept elsewhere. */
function tellElsewhere({ reader, notes }: ServiceContext, name: string, definition: Tree): void {
  const driver = reader.text(childOf(definition, 'driver'), 'driver');
  const external = childOf(definition, 'external');
  const why =
    !isNothing(external) && !(external.kind === 'scalar' && String(external.value) === 'false')
      ? 'is made elsewhere'
      : !isNothing(childOf(definition, 'driver_opts'))
        ? 'has options of its driver'
        : driver !== undefined && driver !== 'local'
          ? `has the driver "${driver}"`
          : undefined;
  if (why === undefined) return;
  notes.warn('C028', definition.span, `The volume "${name}" ${why}: the lab makes an empty one`, {
    comment: `the volume ${name} ${why} in the compose file: here it is empty at first`,
    help: 'Mount a folder of the machine that holds what is wanted',
  });
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
