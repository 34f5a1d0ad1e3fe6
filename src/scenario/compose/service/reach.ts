// Mounts by which a container reaches out of the lab.
import type { ServiceContext } from './context.ts';

/** A mount as far as it matters here. */
interface Reaching {
  readonly kind: string;
  readonly from: string | undefined;
  readonly to: string;
}

/** Folders of the machine through which a container rules it. */
const RULING =
  /^(\/|\/(proc|sys|dev|boot|etc|run|var|var\/run)|.*\/(docker|podman|containerd)\.sock)$/;

export function tellReach(context: ServiceContext, mounts: Iterable<Reaching>): void {
  for (const { kind, from = '', to } of mounts)
    if (kind === 'bind' && RULING.test(from))
      context.notes.warn(
        'C033',
        context.spanOf('volumes'),
        `The container "${context.name}" reaches out of the lab by "${from}" of the machine`,
        {
          comment: `${to} reaches out of the lab`,
          help: 'Leave the mount out, unless the container is to be trusted with the machine',
        },
      );
}
