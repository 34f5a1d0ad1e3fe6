// `action` and `residual` of a censor's rule, with what is not written filled in.
import { parseIp } from '../../base/addresses.ts';
import type { CensorAction, NumberSource, ResetAction } from '../../model/censor-action.ts';
import { AS_TRIGGER } from '../../model/censor-defaults.ts';
import type { Residual } from '../../model/censor.ts';
import type {
  Action,
  InjectDns,
  InjectHttp,
  Reset,
  Residual as WrittenResidual,
  ResidualAction,
} from '../../model/scenario-file.ts';
import type { Context } from '../context.ts';
import type { Path } from '../source/tree.ts';
import { bitsPerSecond, bytes, millis } from './quantity.ts';

/** What the kinds of action share. */
interface Setting {
  readonly context: Context;
  readonly path: Path;
  /** Only in-path censors hold the packet that triggered them, and can drop it. */
  readonly inPath: boolean;
}

/** Undefined, with a report, unless exactly one action is written. */
export function resolveAction(action: Action, setting: Setting): CensorAction | undefined {
  if (typeof action === 'string') return byWord(action, setting);
  const written = Object.keys(action).filter((key) => key !== 'residual');
  if (written.length === 0 && setting.context.partial) return undefined;
  if (written.length !== 1) {
    setting.context.report(
      'S048',
      setting.path,
      `Expected exactly one action, found ${written.length === 0 ? 'none' : written.join(' and ')}`,
      { help: 'Actions: allow, drop, reset, inject, throttle' },
    );
    return undefined;
  }
  if (action.drop !== undefined)
    return {
      kind: 'drop',
      direction: action.drop.direction ?? 'both',
      scope: action.drop.scope ?? 'flow',
      after: null,
    };
  if (action.reset !== undefined) return reset(action.reset, setting);
  if (action.inject?.dns !== undefined) return injectDns(action.inject.dns, setting);
  if (action.inject?.http !== undefined) return injectHttp(action.inject.http, setting);
  if (action.throttle !== undefined)
    return {
      kind: 'throttle',
      mode: action.throttle.mode ?? 'police',
      rate: bitsPerSecond(action.throttle.rate),
      burst: bytes(action.throttle.burst ?? '16KiB'),
      direction: action.throttle.direction ?? 'both',
      per: 'flow',
    };
  return { kind: 'allow' };
}

export function resolveResidual(residual: WrittenResidual, setting: Setting): Residual {
  return {
    key: residual.key ?? '3-tuple',
    for: { low: millis(residual.for), high: millis(residual.for) },
    refresh: residual.refresh ?? false,
    existing: residual.existing ?? false,
    actions: residual.action === undefined ? [] : [residualAction(residual.action, setting)],
    probability: 1,
  };
}

/** Each packet falls under residual blocking by itself: there is no flow to go on dropping. */
function residualAction(action: ResidualAction, setting: Setting): CensorAction {
  if (action === 'reset') return reset({}, setting);
  if (typeof action === 'object' && action.reset !== undefined) return reset(action.reset, setting);
  const direction = typeof action === 'object' ? action.drop?.direction : undefined;
  return { kind: 'drop', direction: direction ?? 'both', scope: 'packet', after: null };
}

function byWord(word: string, setting: Setting): CensorAction {
  if (word === 'allow') return { kind: 'allow' };
  if (word === 'drop') return { kind: 'drop', direction: 'both', scope: 'flow', after: null };
  return reset({}, setting);
}

function reset(written: Reset, { inPath }: Setting): ResetAction {
  return {
    kind: 'reset',
    mode: 'inject',
    direction: 'both',
    sides: written.sides ?? 'both',
    count: written.count ?? 1,
    flags: (written.flags ?? 'RST').split('+'),
    offsets: [0],
    ttl: sourceOf(written.ttl),
    window: { from: 'fixed', value: 0 },
    ipId: { from: 'fixed', value: 0 },
    payload: '',
    delay: 0,
    gap: 0,
    repeat: true,
    dropTrigger: written.dropTrigger ?? inPath,
  };
}

function injectDns(written: InjectDns, { context, path, inPath }: Setting): CensorAction {
  const pool = written.answers === undefined ? [] : [written.answers].flat();
  for (const [index, answer] of pool.entries()) {
    const parsed = parseIp(answer);
    if (parsed.ok) continue;
    const at = [...path, 'inject', 'dns', 'answers'];
    context.report('S065', Array.isArray(written.answers) ? [...at, index] : at, parsed.error);
  }
  const rcode = written.rcode ?? 'NOERROR';
  if (pool.length === 0 && rcode === 'NOERROR')
    context.report(
      'S082',
      [...path, 'inject', 'dns'],
      'The forged answer has neither addresses nor an error code',
      {
        help: 'Add "answers" with addresses, or "rcode: NXDOMAIN"',
      },
    );
  return {
    kind: 'dns',
    pool,
    rcode,
    cname: null,
    recordTtl: {
      from: 'fixed',
      value: Math.round(millis(written.recordTtl ?? '300s') / 1000),
    },
    ttl: sourceOf(written.ttl),
    ipId: { from: 'fixed', value: 0 },
    dontFragment: true,
    delay: [millis(written.delay ?? '0ms'), millis(written.delay ?? '0ms')],
    count: 1,
    authoritative: written.authoritative ?? false,
    recursionAvailable: true,
    dropTrigger: written.dropTrigger ?? inPath,
  };
}

const sourceOf = (value: number | undefined): NumberSource =>
  value === undefined ? AS_TRIGGER : { from: 'fixed', value };

function injectHttp(written: InjectHttp, setting: Setting): CensorAction {
  return {
    kind: 'blockpage',
    status: written.status ?? 403,
    reason: written.reason ?? 'Forbidden',
    headers: Object.entries(written.headers ?? {}),
    body: written.body ?? '<html><body><h1>Blocked</h1></body></html>\n',
    version: '1.1',
    flags: ['FIN', 'PSH', 'ACK'],
    ttl: AS_TRIGGER,
    window: { from: 'fixed', value: 65_535 },
    ipId: { from: 'fixed', value: 0 },
    teardown: (written.resetServer ?? true) ? reset({ sides: 'server' }, setting) : null,
    dropTrigger: written.dropTrigger ?? setting.inPath,
  };
}
