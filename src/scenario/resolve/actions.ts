// `action` and `residual` of a censor's rule, with what is not written filled in.
import { parseIp } from '../../base/addresses.ts';
import type { CensorAction, Residual } from '../../model/censor.ts';
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
    };
  return { kind: 'allow' };
}

export function resolveResidual(residual: WrittenResidual, setting: Setting): Residual {
  return {
    key: residual.key ?? '3-tuple',
    for: millis(residual.for),
    refresh: residual.refresh ?? false,
    existing: residual.existing ?? false,
    action: residual.action === undefined ? null : residualAction(residual.action, setting),
  };
}

/** Each packet falls under residual blocking by itself: there is no flow to go on dropping. */
function residualAction(action: ResidualAction, setting: Setting): CensorAction {
  if (action === 'reset') return reset({}, setting);
  if (typeof action === 'object' && action.reset !== undefined) return reset(action.reset, setting);
  const direction = typeof action === 'object' ? action.drop?.direction : undefined;
  return { kind: 'drop', direction: direction ?? 'both', scope: 'packet' };
}

function byWord(word: string, setting: Setting): CensorAction {
  if (word === 'allow') return { kind: 'allow' };
  if (word === 'drop') return { kind: 'drop', direction: 'both', scope: 'flow' };
  return reset({}, setting);
}

function reset(written: Reset, { inPath }: Setting): CensorAction {
  return {
    kind: 'reset',
    sides: written.sides ?? 'both',
    count: written.count ?? 1,
    flags: written.flags ?? 'RST',
    ttl: written.ttl ?? null,
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
    recordTtl: Math.round(millis(written.recordTtl ?? '300s') / 1000),
    ttl: written.ttl ?? null,
    delay: millis(written.delay ?? '0ms'),
    authoritative: written.authoritative ?? false,
    dropTrigger: written.dropTrigger ?? inPath,
  };
}

function injectHttp(written: InjectHttp, { inPath }: Setting): CensorAction {
  return {
    kind: 'blockpage',
    status: written.status ?? 403,
    reason: written.reason ?? 'Forbidden',
    headers: Object.entries(written.headers ?? {}),
    body: written.body ?? '<html><body><h1>Blocked</h1></body></html>\n',
    resetServer: written.resetServer ?? true,
    dropTrigger: written.dropTrigger ?? inPath,
  };
}
