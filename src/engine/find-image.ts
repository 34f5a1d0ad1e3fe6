// An image as the engine has it.
import type { ImageInspectInfo } from 'dockerode';
import { ANSWER_MS, type EngineClient, ask } from './client.ts';
import type { LocalImage } from './engine.ts';
import { statusOf } from './explain-failure.ts';
import { repositoryOf } from './image-name.ts';

const NANOSECONDS_PER_MS = 1e6;

export async function findImage(
  { docker }: EngineClient,
  name: string,
): Promise<LocalImage | undefined> {
  try {
    const image = await ask(`look for image ${name}`, ANSWER_MS, () =>
      docker.getImage(name).inspect(),
    );
    return localImage(image, name);
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

/** What an image does not have, engines write as null, as an empty list, or not at all. */
interface ImageSaid {
  readonly Id: string;
  readonly Config?: Partial<ImageInspectInfo['Config']> | null;
  readonly RepoDigests?: readonly string[] | null;
}

/** `name` chooses among the registries that know the image. */
export function localImage(image: ImageSaid, name: string): LocalImage {
  const { Config: config, RepoDigests: digests } = image;
  const repository = repositoryOf(name);
  const digest = digests?.find((each) => repositoryOf(each) === repository) ?? digests?.[0];
  const health = config?.Healthcheck;
  const test = health?.Test ?? [];
  return {
    id: image.Id,
    digest: digest ?? null,
    entrypoint: asList(config?.Entrypoint),
    command: asList(config?.Cmd),
    environment: Object.fromEntries((config?.Env ?? []).map(splitVariable)),
    healthcheck: {
      test: test[0] === 'NONE' ? [] : test,
      interval: milliseconds(health?.Interval),
      timeout: milliseconds(health?.Timeout),
      startPeriod: milliseconds(health?.StartPeriod),
      retries: health?.Retries === 0 ? null : (health?.Retries ?? null),
    },
  };
}

const asList = (words: string | string[] | null | undefined): string[] =>
  typeof words === 'string' ? [words] : (words ?? []);

function splitVariable(text: string): [string, string] {
  const equals = text.indexOf('=');
  return equals < 0 ? [text, ''] : [text.slice(0, equals), text.slice(equals + 1)];
}

/** Zero is the engine's word for "not said". */
const milliseconds = (nanoseconds: number | undefined): number | null =>
  nanoseconds ? nanoseconds / NANOSECONDS_PER_MS : null;
