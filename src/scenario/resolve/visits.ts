// `visit` → the visits that are made, defaults filled in.
import type { Traffic } from '../../model/scenario-file.ts';
import type { Schedule } from '../../model/traffic.ts';
import type { VisitHar, VisitSpec } from '../../model/visit.ts';
import type { Context } from '../context.ts';
import type { Path } from '../source/tree.ts';
import { millis } from './quantity.ts';
import { resolvePages } from './visit-pages.ts';

type Written = NonNullable<Traffic['visit']>;

const TIMEOUT = '30s';
/** CoMPS waits as long before and after each visit. */
const QUIET = '2s';
const FAILURES = 3;
const MINIMUM = 100;
/** Visits of one flow: each has a folder in the results. */
const MOST_VISITS = 1_000_000;
/** What only a browser has. */
const OF_BROWSERS = ['har', 'bodies', 'quic'] as const;

/** Undefined, with a report, where no page can be visited. */
export function resolveVisit(context: Context, visit: Written, path: Path): VisitSpec | undefined {
  const urls = resolvePages(context, visit, path);
  checkBrowser(context, visit, path);
  const { repeat = 1 } = visit;
  if (urls.length * repeat > MOST_VISITS)
    context.report(
      'S202',
      path,
      `Expected at most ${MOST_VISITS} visits, found ${urls.length * repeat}`,
      { help: 'Make several flows of them' },
    );
  if (urls.length === 0) return undefined;
  return {
    kind: 'visit',
    with: visit.with ?? 'chromium',
    urls,
    repeat,
    order: visit.order ?? 'interleaved',
    timeout: millis(visit.timeout ?? TIMEOUT),
    settle: millis(visit.settle ?? QUIET),
    drain: millis(visit.drain ?? QUIET),
    failures: visit.failures ?? FAILURES,
    minimum: visit.minimum ?? MINIMUM,
    har: harOf(visit),
    quic: originsOf(context, visit, urls, [...path, 'quic']),
  };
}

/** Each visit is one attempt, one after the other. */
export const visitSchedule = (
  { urls, repeat }: VisitSpec,
  { at, after }: Pick<Schedule, 'at' | 'after'>,
): Schedule => ({ at, after, repeat: urls.length * repeat, pace: null, for: null, concurrency: 1 });

function harOf({ har = 'full', bodies = false, ...visit }: Written): VisitHar | null {
  return har === false || visit.with === 'curl' ? null : { mode: har, bodies };
}

function originsOf(
  context: Context,
  { quic }: Written,
  urls: readonly string[],
  path: Path,
): readonly string[] {
  if (quic === undefined || quic === false) return [];
  const secure = urls.filter((url) => url.startsWith('https:')).map(originOf);
  if (quic === true) {
    if (secure.length === 0 && urls.length > 0)
      context.report('S202', path, 'No page is over https, and QUIC carries nothing else', {
        help: 'Remove "quic"',
      });
    return [...new Set(secure)];
  }
  const origin = /^(?:\[[0-9a-f:.]+\]|[^\s:/]+):(\d{1,5})$/i.exec(quic);
  if (origin === null || Number(origin[1]) < 1 || Number(origin[1]) > 65_535)
    context.report('S202', path, `Expected true, false or a host and port, found "${quic}"`, {
      help: 'Write it as in "news.example:443"',
    });
  return [quic];
}

/** `news.example:443`. */
function originOf(url: string): string {
  const { hostname, port } = new URL(url);
  return `${hostname}:${port === '' ? 443 : port}`;
}

function checkBrowser(context: Context, visit: Written, path: Path): void {
  if (visit.with === 'curl')
    for (const key of OF_BROWSERS)
      if (visit[key] !== undefined && visit[key] !== false)
        context.report('S202', [...path, key], `The key "${key}" is for browsers, not for curl`, {
          key: true,
          help: `Remove "${key}", or write "with: chromium"`,
        });
  if (visit.bodies === true && visit.har === false)
    context.report('S202', [...path, 'bodies'], 'Bodies are kept in the HAR, and there is none', {
      key: true,
      help: 'Remove "har: false"',
    });
  if (visit.timeout !== undefined && millis(visit.timeout) === 0)
    context.report('S096', [...path, 'timeout'], 'Expected a "timeout" longer than nothing');
}
