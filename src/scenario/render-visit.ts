import { formatMillis } from '../base/units.ts';
import type { VisitSpec } from '../model/visit.ts';
import { counted } from './text.ts';

/** Pages of a flow that are shown. */
const SHOWN = 20;

/** What visits, how, and which pages. */
export function renderVisit(visit: VisitSpec): string[] {
  const { urls, repeat, order, timeout, settle, drain, failures, minimum, har, quic } = visit;
  const settings = [
    `visit with ${visit.with}`,
    `${counted(urls.length, 'page')}${repeat === 1 ? '' : ` ${repeat} times each, ${order}`}`,
    `at most ${formatMillis(timeout)} a page`,
    `settle ${formatMillis(settle)}`,
    `drain ${formatMillis(drain)}`,
    `at least ${minimum} B`,
    `dropped after ${counted(failures, 'failure')} in a row`,
    har === null ? '' : `HAR ${har.mode}${har.bodies ? ' with bodies' : ''}`,
    visit.with === 'curl' ? '' : `QUIC ${quic.length === 0 ? 'off' : quic.join(', ')}`,
  ];
  const hidden = urls.length - SHOWN;
  return [
    settings.filter(Boolean).join('  '),
    ...urls.slice(0, SHOWN),
    ...(hidden > 0 ? [`and ${counted(hidden, 'page')} more`] : []),
  ];
}
