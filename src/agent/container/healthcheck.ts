// Which check tells that a container is healthy: the scenario's, or its image's own. Pure.
import type { HealthcheckSpec } from '../../model/container.ts';
import type { LocalImage } from '../../engine/engine.ts';

/** What Docker takes where an image does not say: dockerfile, HEALTHCHECK. */
const DEFAULTS = { interval: 30_000, timeout: 30_000, startPeriod: 0, retries: 3 };
/** Images space their checks for years of service; a lab waits for the first success. */
const LONGEST_INTERVAL = 500;

/** Null: it has none. */
export function resolveHealthcheck(
  wish: HealthcheckSpec | 'image' | 'none',
  image: Pick<LocalImage, 'healthcheck'>,
): HealthcheckSpec | null {
  if (wish === 'none') return null;
  if (wish !== 'image') return wish;
  const { test, ...said } = image.healthcheck;
  const argv = testArgv(test);
  if (!argv) return null;
  const patience = (said.retries ?? DEFAULTS.retries) * (said.interval ?? DEFAULTS.interval);
  const interval = Math.min(said.interval ?? DEFAULTS.interval, LONGEST_INTERVAL);
  return {
    argv,
    interval,
    timeout: said.timeout ?? DEFAULTS.timeout,
    // Asked more often, as patient as the image wants it.
    retries: Math.max(1, Math.ceil(patience / Math.max(1, interval))),
    startPeriod: said.startPeriod ?? DEFAULTS.startPeriod,
  };
}

/** `CMD program argument…`, `CMD-SHELL text`, `NONE`. */
function testArgv([kind, ...rest]: readonly string[]): string[] | null {
  if (kind === 'CMD-SHELL') return ['/bin/sh', '-c', rest.join(' ')];
  return kind === 'CMD' && rest.length > 0 ? rest : null;
}
