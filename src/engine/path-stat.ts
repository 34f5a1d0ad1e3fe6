// What a path in a container is, as the engine's archive endpoint tells it.
import { member } from '../base/member.ts';
import { ANSWER_MS, type EngineClient, ask } from './client.ts';
import { statusOf } from './explain-failure.ts';

export interface PathStat {
  readonly kind: 'folder' | 'link' | 'other';
  /** Where a link leads in the end, absolute in the container; empty for all else. */
  readonly linkTarget: string;
}

/** Bits of Go's os.FileMode. */
const MODE_FOLDER = 2 ** 31;
const MODE_LINK = 2 ** 27;

/** Undefined when it is not there, or cannot be because a parent is no folder. */
export async function statPath(
  { docker }: EngineClient,
  id: string,
  path: string,
): Promise<PathStat | undefined> {
  const container = docker.getContainer(id);
  try {
    // A response without a body: all is said in one header.
    const answer: unknown = await ask(
      `look for ${path} in container ${id.slice(0, 12)}`,
      ANSWER_MS,
      (abortSignal): Promise<unknown> => container.infoArchive({ path, abortSignal }),
    );
    return parsePathStat(answer);
  } catch (error) {
    // Moby answers 500 below a file; a HEAD request has no room for its reason.
    if (statusOf(error) === 404 || statusOf(error) === 500) return undefined;
    throw error;
  }
}

function parsePathStat(answer: unknown): PathStat {
  const encoded = member(member(answer, 'headers'), 'x-docker-container-path-stat');
  const text = typeof encoded === 'string' ? Buffer.from(encoded, 'base64').toString('utf8') : '{}';
  const stat: unknown = JSON.parse(text);
  const mode = Number(member(stat, 'mode') ?? 0);
  const target = member(stat, 'linkTarget');
  // The folder's bit is the 32nd: too high for JavaScript's signed shifts.
  const kind = mode >= MODE_FOLDER ? 'folder' : mode & MODE_LINK ? 'link' : 'other';
  return { kind, linkTarget: kind === 'link' && typeof target === 'string' ? target : '' };
}
