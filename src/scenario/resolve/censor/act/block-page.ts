import type { BlockPageAction } from '../../../../model/censor-action.ts';
import { AS_TRIGGER } from '../../../../model/censor-defaults.ts';
import type { InjectHttp } from '../../../../model/scenario-file.ts';
import { type Place, below } from '../scope.ts';
import { SHORT, TTL, sourceAt } from './number-source.ts';
import { resolveFlags, resolveTeardown } from './reset.ts';

/** RFC 9110 section 15, RFC 7725: of those that censors answer with. */
const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  301: 'Moved Permanently',
  302: 'Found',
  303: 'See Other',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  410: 'Gone',
  451: 'Unavailable For Legal Reasons',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
};

const PAGE = '<html><body><h1>Blocked</h1></body></html>\n';

export function resolveBlockPage(place: Place, written: InjectHttp): BlockPageAction {
  const { scope, path } = place;
  if (written.teardown !== undefined && written.resetServer !== undefined)
    scope.context.report(
      'S048',
      [...path, 'resetServer'],
      'What the server gets is written twice',
      { key: true, help: 'Remove "resetServer": "teardown" says the same' },
    );
  const isOld = String(written.version ?? '1.1') === '1.0' || written.version === 1;
  const status = written.status ?? 403;
  return {
    kind: 'blockpage',
    version: isOld ? '1.0' : '1.1',
    status,
    // A response may have none (RFC 9112 section 4).
    reason: written.reason ?? REASONS[status] ?? '',
    headers: Object.entries(written.headers ?? {}),
    body: written.body ?? PAGE,
    flags: resolveFlags(below(place, 'flags'), written.flags ?? 'FIN+PSH+ACK'),
    ttl: sourceAt(place, 'ttl', written.ttl, TTL, AS_TRIGGER),
    window: sourceAt(place, 'window', written.window, SHORT, { from: 'fixed', value: 65_535 }),
    ipId: sourceAt(place, 'ip-id', written['ip-id'], SHORT, { from: 'fixed', value: 0 }),
    teardown: resolveTeardown(
      below(place, 'teardown'),
      written.teardown ?? written.resetServer ?? true,
    ),
    dropTrigger: written.dropTrigger ?? scope.inPath,
  };
}
