import type { BlockPageAction } from '../../../../model/censor-action.ts';
import { AS_TRIGGER } from '../../../../model/censor-defaults.ts';
import type { InjectHttp } from '../../../../model/scenario-file.ts';
import { type Place, below } from '../scope.ts';
import { SHORT, TTL, sourceAt } from './number-source.ts';
import { resolveFlags, resolveTeardown } from './reset.ts';

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
  return {
    kind: 'blockpage',
    version: isOld ? '1.0' : '1.1',
    status: written.status ?? 403,
    reason: written.reason ?? 'Forbidden',
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
