// `image`, `pull` and `build` → which image a container is of, and how it comes to be.
import type { BuildSpec, ImageSpec } from '../../../model/container.ts';
import type { Container } from '../../../model/scenario-file.ts';
import type { Context } from '../../context.ts';
import type { Path } from '../../source/tree.ts';

export function resolveImage(
  context: Context,
  name: string,
  written: Container,
  path: Path,
): ImageSpec {
  const build = buildOf(context, written.build, [...path, 'build']);
  return {
    name: written.image ?? builtName(context.scenario.name, name),
    // What is built is in no registry.
    pull: build === null ? (written.pull ?? 'missing') : 'never',
    build,
  };
}

function buildOf(context: Context, written: Container['build'], path: Path): BuildSpec | null {
  if (written === undefined) return null;
  const isFolder = typeof written === 'string';
  const {
    context: folder,
    dockerfile,
    args = {},
    target,
    network,
  } = isFolder ? { context: written } : written;
  return {
    context: context.filePath(folder, isFolder ? path : [...path, 'context']),
    dockerfile: dockerfile ?? 'Dockerfile',
    args: Object.fromEntries(
      Object.entries(args).map(([key, value]) => [
        key,
        context.textAt([...path, 'args', key], value),
      ]),
    ),
    target: target ?? null,
    network: network ?? 'default',
  };
}

/** The tag of an image that is built and not named. */
const builtName = (scenario: string, container: string): string =>
  `runner.local/${repositoryPart(scenario)}/${container}`;

/** Scenarios may be called what no image may: with capitals, or with underscores side by side. */
const repositoryPart = (scenario: string): string =>
  scenario.toLowerCase().replace(/_{3,}|_+-[-_]*|-+_[-_]*/g, '-');
