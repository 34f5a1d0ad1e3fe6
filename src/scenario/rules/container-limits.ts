import { LONGEST_TIMER } from '../../base/units.ts';
import type { Context } from '../context.ts';
import { type ResolvedContainer } from '../resolve/container/spec.ts';
import { millis } from '../resolve/quantity.ts';
import type { Path } from '../source/tree.ts';
import type { Rule } from './rule.ts';

/** Engines refuse less: https://docs.docker.com/engine/containers/resource_constraints/. */
export const LEAST_MEMORY: number = 6 * 1024 ** 2;

/** Limits that a container can live with, and waits that are longer than nothing and can be timed. */
export const containerLimits: Rule = (context, { containers }) => {
  for (const container of containers.values()) {
    const { path, spec, written } = container;
    if (spec.memory !== null && spec.memory < LEAST_MEMORY)
      context.report(
        'S129',
        [...path, 'memory'],
        `Expected at least 6MiB of memory, found "${written.memory ?? ''}"`,
      );
    for (const { name, soft, hard } of spec.ulimits)
      if (hard !== -1 && (soft === -1 || soft > hard))
        context.report(
          'S129',
          [...path, 'ulimits', name, 'soft'],
          `Expected a soft limit of at most the hard one, ${hard}, found ${soft === -1 ? 'none' : soft}`,
        );
    if (spec.shmSize === 0) reportNoSize(context, [...path, 'shmSize'], written.shmSize);
    for (const { mount, path: at } of container.mounts)
      if (mount.kind === 'tmpfs' && mount.size === 0) reportNoSize(context, [...at, 'tmpfs'], '0B');
    checkTimes(context, container);
  }
};

/** Engines read 0 as their default, or as no limit at all. */
function reportNoSize(context: Context, path: Path, found = ''): void {
  context.report('S129', path, `Expected a size of more than nothing, found "${found}"`, {
    help: 'Leave it out, or write the size that it is to have',
  });
}

function checkTimes(context: Context, { path, written }: ResolvedContainer): void {
  const { healthcheck, startTimeout, stopGrace } = written;
  const { interval, timeout, startPeriod } = typeof healthcheck === 'object' ? healthcheck : {};
  const at = [...path, 'healthcheck'];
  checkTime(context, startTimeout, [...path, 'startTimeout'], false);
  checkTime(context, stopGrace, [...path, 'stopGrace'], true);
  checkTime(context, interval, [...at, 'interval'], false);
  checkTime(context, timeout, [...at, 'timeout'], false);
  checkTime(context, startPeriod, [...at, 'startPeriod'], true);
}

function checkTime(
  context: Context,
  text: string | undefined,
  path: Path,
  mayBeNone: boolean,
): void {
  if (text === undefined) return;
  const time = millis(text);
  if (time === 0 && !mayBeNone)
    context.report('S129', path, `Expected a time longer than nothing, found "${text}"`);
  else if (time > LONGEST_TIMER)
    context.report('S129', path, `Expected a time of at most 596h, found "${text}"`);
}
