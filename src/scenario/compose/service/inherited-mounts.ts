// Mounts of the services that `volumes_from` names.
import { type Mount, mountsOf } from './mounts.ts';
import type { Participant } from '../take-part.ts';

export function inheritedMounts(
  { context }: Participant,
  services: ReadonlyMap<string, Participant>,
  labels: ReadonlyMap<string, string>,
): readonly Mount[] {
  return context.reader
    .texts(context.at('volumes_from'), 'volumes_from')
    .flatMap(({ text, span }) => {
      const [service = '', mode] = text.split(':');
      const source = services.get(service);
      const [container] = source?.containers ?? [];
      if (source === undefined || container === undefined) {
        context.notes.warn(
          'C028',
          span,
          `No service "${service}" takes part: its volumes are left out`,
          {
            comment: `the volumes of ${text} are left out`,
          },
        );
        return [];
      }
      const mounts = mountsOf(source.context, labels, container);
      return mode === 'ro'
        ? mounts.map((mount) => ({ ...mount, readOnly: mount.kind !== 'tmpfs' }))
        : mounts;
    });
}
