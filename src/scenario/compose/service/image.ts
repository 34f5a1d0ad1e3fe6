// image, pull_policy, build
import { type Entry, type Value, blockOf, entry, optional } from '../../write/yaml-value.ts';
import { childOf } from '../../source/tree.ts';
import { normalizePath } from '../../source/resolve-path.ts';
import { parseImageName } from '../../image-name.ts';
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
    const written = context.project.sections.services.get(context.name)?.value;
    const isBroken = written !== undefined && childOf(written, 'extends') !== undefined;
    // What it extends may have had one, and has been told of.
    if (isBroken && context.notes.faults.hasErrors) return [];
    context.notes.error(
      'C011',
      context.service.span,
      `The service "${context.name}" has neither an image nor a build`,
      'Write image: name:tag',
    );
    return [];
  }
  // What still has a variable in it has been told of.
  if (image !== undefined && !image.includes('${') && parseImageName(image) === undefined) {
    context.notes.error(
      'C010',
      context.at('image')?.span ?? context.service.span,
      `Expected the name of an image such as "nginx:1.27", found ${JSON.stringify(image)}`,
      'Where it holds a variable, set it, or give a default: ${TAG:-latest}',
    );
    return [];
  }
  if (build !== undefined) checkPolicyOfBuild(context);
  if (build === undefined) return [...optional('image', image), ...pullEntries(context)];
  return [...optional('image', image), entry('build', buildValue(context))];
}

/** What is built is in no registry. */
function checkPolicyOfBuild(context: ServiceContext): void {
  const policy = context.text('pull_policy');
  if (policy === undefined || policy === 'build' || PULL[policy] === 'missing') return;
  context.notes.leaveOut(
    `pull_policy: ${policy}`,
    context.spanOf('pull_policy'),
    'What is built is not pulled',
  );
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
    dockerfile: dockerfileOf(context),
    args: args.entries.length === 0 ? undefined : args,
    target: nonEmpty(context.text('build', 'target')),
    network: buildNetwork(context),
  });
  return rest.entries.length === 0
    ? folder
    : { entries: [entry('context', folder), ...rest.entries] };
}

function dockerfileOf(context: ServiceContext): string | undefined {
  const file = nonEmpty(context.text('build', 'dockerfile'));
  if (file === undefined || !(file.startsWith('/') || /^\.\.(\/|$)/.test(normalizePath(file))))
    return file;
  const span = context.at('build', 'dockerfile')?.span ?? context.spanOf('build');
  context.notes.warn('C031', span, `The Dockerfile "${file}" is outside the context: left out`, {
    comment: `dockerfile: ${file} in the compose file, outside the context`,
    help: 'Choose a context that holds both, and write the path from there',
  });
  return undefined;
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
