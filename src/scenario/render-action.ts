// What a censor does, as words of `runner plan`.
import { formatBytes, formatMillis, formatRate } from '../base/units.ts';
import type {
  BlockPageAction,
  CensorAction,
  DnsAction,
  DropAction,
  NumberSource,
  ResetAction,
  TamperEdit,
} from '../model/censor-action.ts';
import type { Span } from '../model/censor.ts';
import { percent, shown } from './render-match.ts';
import { counted } from './text.ts';

export function renderAction(action: CensorAction): string {
  switch (action.kind) {
    case 'allow':
      return 'allow';
    case 'drop':
      return renderDrop(action);
    case 'reset':
      return renderReset(action);
    case 'dns':
      return renderDns(action);
    case 'blockpage':
      return renderPage(action);
    case 'throttle':
      return `${action.mode} ${action.per === 'rule' ? 'all together ' : ''}to ${formatRate(action.rate)} (${action.direction}), ${formatBytes(action.burst)} at once`;
    case 'redirect':
      return `redirect to ${action.to.join('|')}${action.port === null ? '' : ` port ${action.port}`}`;
    case 'delay':
      return `delay ${action.scope} (${action.direction}) by ${between(action.by, formatMillis)}`;
    case 'lose':
      return `lose ${percent(action.share)} of ${action.scope} (${action.direction})`;
    case 'tamper':
      return `tamper with ${action.scope} (${action.direction}): ${action.edits.map(renderEdit).join(', ')}`;
    case 'mitm':
      return `stand between client and server with ${action.authority === 'lab' ? "the lab's authority" : 'an authority of its own'}${action.log ? ', and log' : ''}`;
  }
}

function renderDrop({ scope, direction, after }: DropAction): string {
  const passes = [
    ...(after?.packets == null ? [] : [`${between(after.packets, String)} packets`]),
    ...(after?.bytes == null ? [] : [between(after.bytes, formatBytes)]),
  ];
  const still = passes.length === 0 ? '' : ` after ${passes.join(' or ')}`;
  return `drop ${scope} (${direction})${still}`;
}

function renderReset(action: ResetAction): string {
  const flags = action.flags.join('+');
  const header = [
    ...source('ttl', action.ttl, 'trigger'),
    ...source('window', action.window, action.mode === 'rewrite' ? 'trigger' : 0),
    ...source('ip-id', action.ipId, action.mode === 'rewrite' ? 'trigger' : 0),
  ];
  if (action.mode === 'rewrite')
    return [`rewrite packets (${action.direction}) to ${flags}`, ...header].join(', ');
  return [
    `${action.count} × ${flags} to ${action.sides}`,
    ...(action.offsets.some((offset) => offset !== 0) ? [`at +${action.offsets.join('/+')}`] : []),
    ...header,
    ...(action.payload === '' ? [] : [`with ${counted(action.payload.length / 2, 'byte')}`]),
    ...(action.delay === 0 ? [] : [`${formatMillis(action.delay)} later`]),
    ...(action.gap === 0 ? [] : [`${formatMillis(action.gap)} apart`]),
    ...(action.repeat ? [] : ['once']),
    ...passing(action.dropTrigger),
  ].join(', ');
}

function renderDns(action: DnsAction): string {
  const answers = [...(action.cname === null ? [] : [`CNAME ${action.cname}`]), ...action.pool];
  const [earliest, latest] = action.delay;
  return [
    `${action.count === 1 ? '' : `${action.count} × `}DNS ${action.rcode}${answers.length === 0 ? '' : ` ${shown(answers, '|')}`}`,
    ...source('record ttl', action.recordTtl, 300),
    ...source('ttl', action.ttl, 'trigger'),
    ...source('ip-id', action.ipId, 0),
    ...(action.dontFragment ? [] : ['fragmentable']),
    ...(latest === 0 ? [] : [`${between([earliest, latest], formatMillis)} later`]),
    ...(action.authoritative ? ['authoritative'] : []),
    ...(action.recursionAvailable ? [] : ['no recursion']),
    ...passing(action.dropTrigger),
  ].join(', ');
}

function renderPage(action: BlockPageAction): string {
  const { teardown } = action;
  return [
    `HTTP/${action.version} ${action.status} ${action.reason}`,
    ...(action.flags.join('+') === 'FIN+PSH+ACK' ? [] : [`ending in ${action.flags.join('+')}`]),
    ...source('ttl', action.ttl, 'trigger'),
    ...source('window', action.window, 65_535),
    ...source('ip-id', action.ipId, 0),
    ...(teardown === null
      ? ['nothing to server']
      : [renderReset({ ...teardown, dropTrigger: true })]),
    ...passing(action.dropTrigger),
  ].join(', ');
}

/** What forges beside the path lets the packet that triggered it pass. */
const passing = (dropTrigger: boolean): readonly string[] => (dropTrigger ? [] : ['packet passes']);

function renderEdit(edit: TamperEdit): string {
  switch (edit.edit) {
    case 'replace':
      return `${edit.find} -> ${edit.with === '' ? 'nothing' : edit.with}`;
    case 'http-header':
      return edit.value === null ? `no header ${edit.name}` : `header ${edit.name}: ${edit.value}`;
    case 'tls-strip':
      return `no TLS extension 0x${edit.extension.toString(16).padStart(4, '0')}`;
    case 'tls-sni':
      return `server name ${edit.name}`;
    case 'field':
      return `${edit.field} = ${edit.value}`;
    case 'tcp-strip':
      return `no TCP option ${edit.option}`;
  }
}

/** Nothing where it is as usual. */
function source(name: string, from: NumberSource, usual: number | 'trigger'): readonly string[] {
  switch (from.from) {
    case 'trigger':
      return usual === 'trigger' ? [] : [`${name} as the packet`];
    case 'fixed':
      return from.value === usual ? [] : [`${name} ${from.value}`];
    case 'random':
      return [`${name} ${from.low}-${from.high} at random`];
    case 'cycle':
      return [`${name} ${from.values.join('/')} in turn`];
    case 'counter':
      return [`${name} from ${from.start} on`];
  }
}

function between(
  [low, high]: readonly [number, number],
  format: (value: number) => string,
): string {
  return low === high ? format(low) : `${format(low)} to ${format(high)}`;
}

/** Milliseconds. */
export const renderSpan = ({ low, high }: Span): string => between([low, high], formatMillis);
