// An image built by the engine's classic builder, which every engine has.
import { Fault } from '../base/fault.ts';
import { packContext } from './build-context.ts';
import { type BuildLog, createBuildLog } from './build-log.ts';
import { type EngineClient, askForStream } from './client.ts';
import type { BuildOrder } from './engine.ts';
import { parseImageName } from './image-name.ts';
import { readProgress } from './progress-stream.ts';
import { explainPull } from './pull-image.ts';
import { allRegistryAuths } from './registry-auth.ts';

/** How long a build may say nothing, in milliseconds: compilers are silent for long. */
const SILENCE_MS = 1_800_000;

export async function buildImage(
  { docker }: EngineClient,
  environment: NodeJS.ProcessEnv,
  order: BuildOrder,
  onProgress: (line: string) => void,
): Promise<void> {
  const [{ archive, dockerfile }, registryconfig] = await Promise.all([
    packContext(order),
    allRegistryAuths(environment),
  ]);
  const what = `build image ${order.tag}`;
  const stream = await askForStream(what, SILENCE_MS, (abortSignal) =>
    docker.buildImage(archive, {
      t: order.tag,
      dockerfile,
      buildargs: { ...order.args },
      ...(order.target !== null && { target: order.target }),
      networkmode: order.network,
      rm: true,
      // Failed and cancelled builds leave no containers either.
      forcerm: true,
      registryconfig,
      abortSignal,
    }),
  );
  const log = createBuildLog();
  const failure = await readProgress(stream, SILENCE_MS, what, (line) => {
    for (const text of log.lines(line)) onProgress(text);
  });
  for (const text of log.rest()) onProgress(text);
  if (failure !== undefined) throw explainBuild(log, what, failure);
}

function explainBuild(log: BuildLog, what: string, failure: string): Fault {
  const message = log.explain(what, failure);
  const base = log.baseImage();
  if (base !== undefined) {
    const { kind, help } = explainPull(base, parseImageName(base).registry, failure);
    return new Fault(kind, message, { help });
  }
  const help = failure.includes('non-zero code')
    ? 'Mend that line of the Dockerfile, or what it needs'
    : 'Mend the Dockerfile, or what it needs';
  return new Fault(failure.includes('no space left') ? 'machine' : 'usage', message, { help });
}
