// `mirrors` → what each mirror is told, with all that is not written filled in.
import { invariant } from '../../../base/invariant.ts';
import { DEFAULT_MIRROR } from '../../../model/mirror-defaults.ts';
import type { MirrorCompare, MirrorSpec, PlanMirror } from '../../../model/mirror.ts';
import type { Mirror } from '../../../model/scenario-file.ts';
import type { Context } from '../../context.ts';
import type { Path } from '../../source/tree.ts';
import type { Lab } from '../lab.ts';
import { millis } from '../quantity.ts';
import { shareOf } from '../relay/share.ts';
import { resolveClients, resolveMapped } from './clients.ts';
import { onlineEnd, targetEnd } from './ends.ts';
import { resolveLimits, resolveTimeouts } from './limits.ts';

export interface ResolvedMirror {
  readonly path: Path;
  readonly mirror: PlanMirror;
}

/** Those that cannot be are left out: that has been reported. */
export const resolveMirrors = (context: Context, lab: Lab): readonly ResolvedMirror[] =>
  Object.entries(context.scenario.mirrors ?? {}).flatMap(([name, written]): ResolvedMirror[] => {
    const path = ['mirrors', name];
    const online = onlineEnd(context, lab, written, path);
    const target = targetEnd(context, lab, written, path);
    const spec = resolveSpec(context, written, path);
    if (online === undefined || target === undefined || spec === undefined) return [];
    // A mirror of streams has its answers by its own connections.
    const alone = spec.mode === 'stream' ? online.node : target.node;
    const assistant = spec.mode === 'stream' ? alone : (written.assistant ?? alone);
    return [{ path, mirror: { ...spec, name, online, target, assistant } }];
  });

/** Undefined, with a report, where its prefixes cannot be. */
function resolveSpec(context: Context, written: Mirror, path: Path): MirrorSpec | undefined {
  const clients = resolveClients(context, written, path);
  const mapped = resolveMapped(context, written, path);
  if (clients === undefined || mapped === undefined) return undefined;
  const { source, hook } = written;
  return {
    ...DEFAULT_MIRROR,
    ...{ clients, mapped },
    protocol: written.protocol ?? DEFAULT_MIRROR.protocol,
    mode: written.mode ?? DEFAULT_MIRROR.mode,
    multiply: written.multiply ?? DEFAULT_MIRROR.multiply,
    sample: shareOf(written.sample),
    ramp: written.ramp === undefined ? DEFAULT_MIRROR.ramp : millis(written.ramp),
    fullSessions: written.fullSessions ?? DEFAULT_MIRROR.fullSessions,
    order: written.order ?? DEFAULT_MIRROR.order,
    timeouts: resolveTimeouts(written.timeouts),
    limits: resolveLimits(written.limits),
    source:
      source === undefined
        ? DEFAULT_MIRROR.source
        : { kind: 'capture', file: source.capture, speed: source.speed ?? 1 },
    compare: resolveCompare(written.compare),
    hook:
      hook === undefined
        ? null
        : {
            kind: 'postgres',
            passwords: Object.entries(hook.postgres.passwords).map(([user, { variable }]) => ({
              ...{ user, variable },
            })),
          },
  };
}

/** Differences that are listed. */
const LISTED = 100;

function resolveCompare(written: Mirror['compare']): MirrorCompare | null {
  if (written === undefined) return null;
  const options = typeof written === 'string' ? { protocol: written } : written;
  const protocol = PROTOCOLS.find((name) => name === options.protocol);
  invariant(protocol !== undefined, 'The schema has seen to the protocol');
  const { ignoreHeaders = [], limit = LISTED } = typeof written === 'string' ? {} : written;
  return { protocol, ignoreHeaders: ignoreHeaders.map((name) => name.toLowerCase()), limit };
}

const PROTOCOLS = ['bytes', 'http', 'postgres'] as const;
