// image, pull_policy, build
import { type Entry, type Value, blockOf, entry, optional } from '../write/yaml-value.ts';
import type { ServiceContext } from './context.ts';

const PULL: Readonly<Record<string, string>> = {
  always: 'always',
  never: 'never',
  missing: 'missing',
  if_not_present: 'missing',
};
/** Keys of a build that a scenario has. */
const BUILD_KEYS = new Set([
  'context',
  'dockerfile',
  'args',
  'target',
  'network',
  'dockerfile_inline',
]);

export function imageEntries(context: ServiceContext): readonly Entry[] {
  const image = context.text('image');
  const build = context.at('build');
  if (image === undefined && build === undefined) {
    context.notes.error(
      'C011',
      context.service.span,
      `The service "${context.name}" has neither an image nor a build`,
      'Write image: name:tag',
    );
    return [];
  }
  if (build === undefined) return [...optional('image', image), ...pullEntries(context)];
  return [...optional('image', image), entry('build', buildValue(context))];
}

function pullEntries(context: ServiceContext): readonly Entry[] {
  const policy = context.text('pull_policy');
  if (policy === undefined) return [];
  const pull = Object.hasOwn(PULL, policy) ? PULL[policy] : undefined;
  if (pull !== undefined) return [entry('pull', pull)];
  const span = context.spanOf('pull_policy');
  const comment = `pull_policy: ${policy} in the compose file`;
  context.notes.warn('C020', span, `A scenario has no pull policy "${policy}": "always" is taken`, {
    comment,
  });
  return [entry('pull', 'always')];
}

function buildValue(context: ServiceContext): Value {
  const tree = context.at('build');
  if (tree?.kind !== 'map') return folderOfBuild(context, context.text('build') ?? '.');
  for (const [key, { keySpan }] of tree.entries)
    if (!BUILD_KEYS.has(key) && !key.startsWith('x-'))
      context.notes.leaveOut(`build.${key}`, keySpan);
  const inline = tree.entries.get('dockerfile_inline');
  if (inline !== undefined)
    context.notes.warn(
      'C031',
      inline.keySpan,
      'A scenario cannot hold a Dockerfile: "dockerfile_inline" is left out',
      {
        comment: 'dockerfile_inline is left out: put it into a file, and name it under dockerfile',
        help: 'Put it into a file, and name it: build: { context: ., dockerfile: FILE }',
      },
    );
  const args = buildArguments(context);
  const folder = folderOfBuild(context, context.text('build', 'context') ?? '.');
  const rest = blockOf({
    dockerfile: nonEmpty(context.text('build', 'dockerfile')),
    args: args.entries.length === 0 ? undefined : args,
    target: nonEmpty(context.text('build', 'target')),
    network: buildNetwork(context),
  });
  return rest.entries.length === 0
    ? folder
    : { entries: [entry('context', folder), ...rest.entries] };
}

const nonEmpty = (text: string | undefined): string | undefined => (text === '' ? undefined : text);

function folderOfBuild(context: ServiceContext, folder: string): string {
  const tree = context.at('build', 'context') ?? context.at('build') ?? context.service;
  if (!/^[a-z][a-z+.-]*:\/\/|^git@|^service:/i.test(folder))
    return context.rebase(folder, tree.span);
  context.notes.warn('C031', tree.span, `A scenario builds from a folder, found "${folder}"`, {
    comment: `builds from ${folder}: fetch it, and name its folder`,
    help: 'Fetch it into a folder, and name the folder',
  });
  return '.';
}

/** A name without a value takes that of the environment, and is left out when there is none. */
function buildArguments(context: ServiceContext): { readonly entries: readonly Entry[] } {
  const entries = context.reader.pairs(context.at('build', 'args'), 'args').flatMap((pair) => {
    const value = pair.value ?? context.loader.variablesAt(pair.span).lookUp(pair.name);
    return value === undefined ? [] : [entry(pair.name, value)];
  });
  return { entries };
}

function buildNetwork(context: ServiceContext): string | undefined {
  const network = context.text('build', 'network');
  if (network === undefined || ['default', 'host', 'none'].includes(network)) return network;
  const span = context.at('build', 'network')?.span ?? context.spanOf('build');
  context.notes.warn('C031', span, `A build runs on no network of a scenario, found "${network}"`, {
    comment: `built on the network ${network} in the compose file`,
    help: 'It may be "default", "host" or "none"',
  });
  return undefined;
}
