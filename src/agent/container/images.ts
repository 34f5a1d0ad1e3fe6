// Images of a lab's containers: found, pulled or built, each once.
import { homedir } from 'node:os';
import { Fault } from '../../base/fault.ts';
import { type ImageRecord, type ImageSpec, machinePath } from '../../model/container.ts';
import type { AgentEvent } from '../../model/rpc.ts';
import type { Engine, LocalImage } from '../../engine/engine.ts';
import { nowMicros } from '../endpoint/clock.ts';
import { openLog } from '../endpoint/log-file.ts';
import { forEachBounded } from '../../base/for-each-bounded.ts';
import type { ContainerNode } from '../../model/plan-containers.ts';
import type { Secrets } from './secrets.ts';

export interface ImageOptions {
  readonly engine: Engine;
  /** Of the scenario's main file. */
  readonly folder: string;
  readonly logs: string;
  /** Without it, images that are built must be there. */
  readonly build: boolean;
  readonly secrets: Secrets;
  readonly emit: (event: AgentEvent) => void;
}

export interface PreparedImages {
  readonly records: readonly ImageRecord[];
  /** By name. */
  readonly images: ReadonlyMap<string, LocalImage>;
}

/** Pulls and builds at once: more would only share the same network and processors. */
const AT_ONCE = 2;
/** Milliseconds between two lines of progress of one image. */
const PROGRESS_INTERVAL = 200;

export async function prepareImages(
  nodes: readonly ContainerNode[],
  options: ImageOptions,
): Promise<PreparedImages> {
  const wishes = new Map<string, ImageWish>();
  for (const node of nodes) {
    const { image } = node.container;
    wishes.set(image.name, merge(wishes.get(image.name), { node: node.name, image }));
  }
  const images = new Map<string, LocalImage>();
  const origins = new Map<string, ImageRecord['origin']>();
  await forEachBounded(wishes.values(), AT_ONCE, async (wish) => {
    const { image, origin } = await prepareImage(wish, options);
    images.set(wish.image.name, image);
    origins.set(wish.image.name, origin);
  });
  const records = nodes.flatMap(
    ({
      name: node,
      container: {
        image: { name },
      },
    }) => {
      const found = images.get(name);
      const origin = origins.get(name);
      return found && origin ? [{ node, name, id: found.id, digest: found.digest, origin }] : [];
    },
  );
  return { records, images };
}

/** An image, and the first node that asks for it as it is going to be had. */
export interface ImageWish {
  readonly node: string;
  readonly image: ImageSpec;
}

const EAGERNESS = { never: 0, missing: 1, always: 2 } as const;

/** Of two that ask for one image, the one that builds it, else the one that pulls more eagerly. */
export function merge(first: ImageWish | undefined, second: ImageWish): ImageWish {
  if (!first || (!first.image.build && second.image.build)) return second;
  if (first.image.build) return first;
  return EAGERNESS[second.image.pull] > EAGERNESS[first.image.pull] ? second : first;
}

interface Prepared {
  readonly image: LocalImage;
  readonly origin: ImageRecord['origin'];
}

async function prepareImage(wish: ImageWish, options: ImageOptions): Promise<Prepared> {
  const { engine } = options;
  const { name, build, pull } = wish.image;
  try {
    if (build && options.build) {
      await buildImage(wish, build, options);
      return { image: await mustFind(engine, name), origin: 'built' };
    }
    if (build || pull !== 'always') {
      const image = await engine.findImage(name);
      if (image) return { image, origin: 'local' };
      if (build)
        throw new Fault('machine', 'It is built from the scenario, and has not been built yet', {
          help: 'Run without --no-build',
        });
      if (pull === 'never')
        throw new Fault(
          'machine',
          'The engine does not have it, and "pull: never" forbids to get it',
          {
            help: `Get it first: "docker pull ${name}", or remove "pull: never"`,
          },
        );
    }
    const tell = createProgress(name, options);
    tell('pulling', true);
    await engine.pullImage(name, (line) => tell(line));
    tell('pulled', true);
    return { image: await mustFind(engine, name), origin: 'pulled' };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const message = `Image "${name}" of container "${wish.node}" is not to be had: ${error.message}`;
    throw new Fault(error.kind, options.secrets.hide(message), { help: error.help, cause: error });
  }
}

async function mustFind(engine: Engine, name: string): Promise<LocalImage> {
  const image = await engine.findImage(name);
  if (image) return image;
  throw new Fault('machine', 'The engine said that it has it, and then does not find it', {
    help: 'See whether somebody removes images on this machine: "docker events"',
  });
}

async function buildImage(
  { node, image: { name } }: ImageWish,
  build: NonNullable<ImageSpec['build']>,
  { engine, folder, logs, secrets, emit }: ImageOptions,
): Promise<void> {
  const log = openLog(logs, node, 'build');
  const tell = createProgress(name, { emit, secrets });
  const context = machinePath(build.context, folder, homedir());
  tell('building', true);
  try {
    await engine.buildImage({ ...build, context, tag: name }, (line) => {
      log.write(`${secrets.hide(line)}\n`);
      tell(line);
    });
    tell('built', true);
  } finally {
    await log.close();
  }
}

/** Tells of progress, of mere lines not too often. */
function createProgress(
  name: string,
  { emit, secrets }: Pick<ImageOptions, 'emit' | 'secrets'>,
): (text: string, isTurn?: boolean) => void {
  let last = -Infinity;
  return (text, isTurn = false) => {
    const now = performance.now();
    if ((!isTurn && now - last < PROGRESS_INTERVAL) || text.trim() === '') return;
    last = now;
    emit({
      kind: 'progress',
      time: nowMicros(),
      text: `image ${name}: ${secrets.hide(text.trim())}`,
    });
  };
}
