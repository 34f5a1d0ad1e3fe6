// The first thing asked of a lab with containers: that all images are there.
import type { ArmNotes, ArmOptions } from './arm.ts';
import type { Cut } from './cut.ts';
import type { ImageRecord } from '../model/container.ts';
import { LIMITS } from './limits.ts';
import type { Lab } from '../lab/lab.ts';
import type { Plan } from '../model/plan.ts';
import { countOf } from '../report/text.ts';
import { hasContainers } from '../model/plan-containers.ts';
import { inPhase } from './phase.ts';

/** A plan without containers may have programs that want secrets. */
export const wantsPreparing = ({ plan, secrets }: ArmOptions): boolean =>
  hasContainers(plan) || Object.keys(secrets).length > 0;

/** A phase that people see when there are containers. */
export async function prepareImages(
  lab: Lab,
  options: ArmOptions,
  notes: ArmNotes,
  cut: Cut,
): Promise<void> {
  const { folder, directory, build, secrets, prepared } = options;
  const plan = prepared ? asPrepared(options.plan) : options.plan;
  const work = async (): Promise<void> => {
    const params = { plan, folder, directory, build: build && !prepared, secrets };
    const asked = lab.call('prepare', params, LIMITS.prepare);
    const { engine, images } = await notes.silence.within(
      LIMITS.silence,
      'The preparation of images',
      asked,
    );
    if (engine) notes.engine = engine;
    notes.images = prepared ? withOrigins(images, prepared) : images;
  };
  if (!hasContainers(plan)) {
    await cut.guard(work());
    return;
  }
  const line = (): string | null => (prepared ? null : describeImages(notes.images));
  await inPhase({ name: 'prepare', title: 'images', line }, options, notes, () =>
    cut.guard(work()),
  );
}

/** For the second lab of a run: its images are those of the first, whatever a registry says by now. */
const asPrepared = (plan: Plan): Plan => ({
  ...plan,
  nodes: plan.nodes.map((node) =>
    node.container
      ? {
          ...node,
          container: { ...node.container, image: { ...node.container.image, pull: 'never' } },
        }
      : node,
  ),
});

const withOrigins = (
  images: readonly ImageRecord[],
  earlier: readonly ImageRecord[],
): ImageRecord[] =>
  images.map((image) => ({
    ...image,
    origin: earlier.find(({ id }) => id === image.id)?.origin ?? image.origin,
  }));

/** `3 images, 1 built, 1 pulled`; of a single one also which: `1 image, sha256:2abbb4d14ce8`. */
export function describeImages(images: readonly ImageRecord[]): string {
  const byId = new Map(images.map((image) => [image.id, image]));
  const different = [...byId.values()];
  const count = (origin: ImageRecord['origin']): string[] => {
    const sum = different.filter((image) => image.origin === origin).length;
    return sum === 0 ? [] : [`${sum} ${origin}`];
  };
  const [only, ...others] = different;
  return [
    countOf(different.length, 'image'),
    ...count('built'),
    ...count('pulled'),
    ...(only && others.length === 0 ? [shortId(only.id)] : []),
  ].join(', ');
}

const ID_DIGITS = 12;
const shortId = (id: string): string => id.slice(0, 'sha256:'.length + ID_DIGITS);
