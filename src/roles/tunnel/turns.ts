import { invariant, unreachable } from '../../base/invariant.ts';
import type { Random } from '../../base/random.ts';
import type { MigrationPeriod, TraceSwitch } from '../../model/tunnel.ts';
import type { MovingPolicy } from './policy.ts';
import { chooseByWeight, weightsOf } from './weights.ts';

/** One path for a while. */
export interface Turn {
  /** Its place in the list of paths. */
  readonly path: number;
  /** Milliseconds or packets, as the policy's period is; Infinity of one that is never over. */
  readonly lasts: number;
}

/** A policy's turns, without end: same policy, paths and stream, same turns. The next may be on the same path. */
export function* turnsOf(
  policy: MovingPolicy,
  paths: readonly string[],
  random: Random,
): Generator<Turn, never> {
  invariant(paths.length > 0, 'A migration has a path');
  const period = lengthOf(policy.every);
  const weights = weightsOf(policy, paths.length, random.fork('weights'));
  const choices = random.fork('choices');
  const batches = random.fork('batches');
  if (policy.policy === 'trace') yield* writtenTurns(policy.trace ?? [], paths);
  for (let turn = 0; ; turn += 1)
    switch (policy.policy) {
      case 'none':
        yield { path: 0, lasts: Infinity };
        break;
      case 'round-robin':
        yield { path: turn % paths.length, lasts: period };
        break;
      case 'uniform':
      case 'dirichlet':
      case 'weighted':
        yield { path: chooseByWeight(weights ?? [], choices.next()), lasts: period };
        break;
      case 'batched': {
        const { low, high } = policy.batch ?? { low: 1, high: 1 };
        const periods = low + batches.below(high - low + 1);
        const path = chooseByWeight(weights ?? [], choices.next());
        yield { path, lasts: periods * period };
        break;
      }
      case 'trace':
        yield { path: placeOf(policy.trace?.at(-1)?.to, paths), lasts: Infinity };
        break;
      default:
        unreachable(policy.policy, 'migration policy');
    }
}

function* writtenTurns(trace: readonly TraceSwitch[], paths: readonly string[]): Generator<Turn> {
  let from = 0;
  let path = 0;
  for (const { at, to } of trace) {
    invariant(at >= from, 'Switches are in the order of their places');
    yield { path, lasts: at - from };
    from = at;
    path = placeOf(to, paths);
  }
}

function placeOf(name: string | undefined, paths: readonly string[]): number {
  if (name === undefined) return 0;
  const place = paths.indexOf(name);
  invariant(place >= 0, `The path ${JSON.stringify(name)} is one of the migration's`);
  return place;
}

function lengthOf(every: MigrationPeriod): number {
  const length = every.kind === 'time' ? every.ms : every.count;
  invariant(length > 0, 'A period is longer than nothing');
  return length;
}
