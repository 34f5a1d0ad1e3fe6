// An image fetched from its registry by the engine.
import { Fault } from '../base/fault.ts';
import { member } from '../base/member.ts';
import { type EngineClient, askForStream } from './client.ts';
import { engineWords } from './explain-failure.ts';
import { parseImageName } from './image-name.ts';
import { readProgress } from './progress-stream.ts';
import { type PullLine, createPullProgress } from './pull-progress.ts';
import { registryAuth } from './registry-auth.ts';

/** How long a registry may be silent, in milliseconds. */
const SILENCE_MS = 120_000;

/** `onProgress` hears a line when it changes. */
export async function pullImage(
  { docker }: EngineClient,
  environment: NodeJS.ProcessEnv,
  name: string,
  onProgress: (line: string) => void,
): Promise<void> {
  const { registry, repository, tag, digest } = parseImageName(name);
  const authconfig = await registryAuth(environment, registry);
  const what = `pull image ${name}`;
  const stream = await askForStream(what, SILENCE_MS, (abortSignal) =>
    docker.createImage({
      // Without a tag the engine would pull them all.
      fromImage: repository,
      tag: digest || tag,
      ...(authconfig && { authconfig }),
      abortSignal,
    }),
  ).catch((error: unknown) => {
    throw explainPull(
      name,
      registry,
      engineWords(error instanceof Fault ? error.cause : error),
      error,
    );
  });
  const progress = createPullProgress(name);
  let shown = '';
  const failure = await readProgress(stream, SILENCE_MS, what, (line) => {
    const next = progress(pullLine(line));
    if (next !== shown) onProgress((shown = next));
  });
  if (failure !== undefined) throw explainPull(name, registry, failure);
}

/** Whose fault it is that an image cannot be had, by the words of moby's distribution package and of registries. */
export function explainPull(name: string, registry: string, words: string, cause?: unknown): Fault {
  const fault = (help: string): Fault =>
    new Fault('machine', `Cannot pull image ${name}: ${words}`, { help, cause });
  if (/unauthorized|authentication required|denied: |no basic auth|401/i.test(words))
    return /pull access denied|repository does not exist/i.test(words)
      ? fault(
          `Mend the name, or run "docker login ${registry}" when the image is private; with "pull: never" an image that the engine has is used`,
        )
      : fault(`Run "docker login ${registry}" as the user who runs this`);
  if (/not found|manifest unknown|does not exist|pull access denied|invalid reference/i.test(words))
    return fault(`Mend the name or the tag: "docker pull ${name}" must work`);
  if (/toomanyrequests|rate limit/i.test(words))
    return fault(`Wait, or run "docker login ${registry}": the registry limits how much is pulled`);
  if (
    /dial tcp|lookup |no such host|timeout|timed out|connection refused|unreachable|TLS|x509|EOF|proxyconnect|Client\.Timeout|deadline/i.test(
      words,
    )
  )
    return fault(
      `The engine cannot reach ${registry}: see to its network, or bring the image with "docker load" and say "pull: never"`,
    );
  if (/no space left/i.test(words))
    return fault('Free space: "docker system df" says what takes it');
  return fault(`See what "docker pull ${name}" says`);
}

function pullLine(line: unknown): PullLine {
  const detail = member(line, 'progressDetail');
  return {
    id: text(member(line, 'id')),
    status: text(member(line, 'status')),
    current: Number(member(detail, 'current') ?? 0),
    total: Number(member(detail, 'total') ?? 0),
  };
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
