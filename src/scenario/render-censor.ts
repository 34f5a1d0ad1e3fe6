// A censor as lines of `runner plan`: where it sits, how it follows flows, its rules and its program.
import { canonicalJson } from '../base/canonical-json.ts';
import { formatBytes, formatMillis } from '../base/units.ts';
import { DEFAULT_REASSEMBLY, DEFAULT_STATE } from '../model/censor-defaults.ts';
import type {
  CensorChecks,
  CensorProgram,
  CensorReassembly,
  CensorRule,
  CensorSpec,
  CensorState,
} from '../model/censor.ts';
import type { PlanCensor } from '../model/plan.ts';
import type { CensorControl } from '../model/traffic.ts';
import { renderAction, renderSpan } from './render-action.ts';
import { percent, renderMatch, shown } from './render-match.ts';
import { counted } from './text.ts';

/** `nodes` are all of those that it sits on; `how` says in which way it gets packets. */
export function renderCensor(censor: PlanCensor, nodes: readonly string[], how: string): string[] {
  const { name, position, onError, inside } = censor;
  return [
    `${name} on ${nodes.join(' and ')}  ${position}  ${how}  on error ${onError}`,
    ...(inside.length === 0 ? [] : [`  inside ${shown(inside, '|')}`]),
    ...renderState(censor.state),
    ...renderReassembly(censor.reassembly),
    ...renderChecks(censor.checks),
    ...renderRules(censor),
  ];
}

export function renderCensorControl({
  name,
  censor,
  at,
  after,
  do: change,
}: CensorControl): string[] {
  const when = [
    ...(at === 0 ? [] : [`at ${formatMillis(at)}`]),
    ...(after.length === 0 ? [] : [`after ${after.join(', ')}`]),
  ];
  return [
    [name, `${change.kind} ${censor}`, ...when].join('  '),
    ...(change.kind === 'reload' ? renderRules(change.spec) : []),
  ];
}

const renderRules = (spec: CensorSpec): string[] => [
  ...spec.rules.map((rule) => renderRule(rule, spec)),
  ...(spec.program === undefined ? [] : renderProgram(spec.program, spec)),
];

function renderRule(rule: CensorRule, spec: CensorSpec): string {
  const { first, probability, engageAfter, residual } = rule;
  const limits = [
    ...(first?.packets == null ? [] : [counted(first.packets, 'packet')]),
    ...(first?.bytes == null ? [] : [formatBytes(first.bytes)]),
  ];
  return [
    `  ${rule.name}: ${renderMatch(rule.match, spec) || 'every packet'}`,
    ...(limits.length === 0 ? [] : [`  within the first ${limits.join(' or ')}`]),
    ` -> ${rule.actions.map(renderAction).join(' + ')}`,
    ...(probability === 1 ? [] : [`  of flows ${percent(probability)}`]),
    ...(engageAfter.high === 0 ? [] : [`  from ${renderSpan(engageAfter)} on`]),
    ...(residual === undefined ? [] : [`  then ${renderResidual(residual)}`]),
  ].join('');
}

function renderResidual(residual: NonNullable<CensorRule['residual']>): string {
  return [
    `${residual.key} for ${renderSpan(residual.for)}`,
    ...(residual.refresh ? ['refreshed'] : []),
    ...(residual.existing ? ['existing flows too'] : []),
    ...(residual.probability === 1 ? [] : [`of flows ${percent(residual.probability)}`]),
    ...residual.actions.map(renderAction),
  ].join(', ');
}

function renderProgram(program: CensorProgram, spec: CensorSpec): string[] {
  const { argv, files, match, params, timeout, window } = program;
  const asked = renderMatch(match, spec) || 'every packet';
  const values = Object.entries(params).map(([name, value]) => `${name} = ${value}`);
  return [
    `  program ${argv.join(' ')}: asked about ${asked} within ${formatMillis(timeout)}, ${window} waiting`,
    ...(Object.keys(files).length === 0 ? [] : [`    files ${Object.keys(files).join(', ')}`]),
    ...(values.length === 0 ? [] : [`    params ${values.join(', ')}`]),
    ...Object.entries(program.actions).map(
      ([name, actions]) => `    ${name} -> ${actions.map(renderAction).join(' + ')}`,
    ),
  ];
}

/** Nothing where all is as usual. */
function renderState(state: CensorState): string[] {
  if (isSame(state, DEFAULT_STATE)) return [];
  const { timeouts } = state;
  const times = (['syn', 'established', 'closing', 'udp', 'other'] as const).map(
    (key) => `${key} ${formatMillis(timeouts[key])}`,
  );
  return [
    [
      `  flows from ${state.createOn.join('|')}`,
      ...(state.handshake ? ['after the handshake'] : []),
      ...(state.resyncOn.length === 0 ? [] : [`anew on ${state.resyncOn.join('|')}`]),
      ...(state.teardownOn.length === 0 ? [] : [`until ${state.teardownOn.join('|')}`]),
      ...(state.control === 'ports' ? [] : [`RST and FIN fit by ${state.control}`]),
      ...(state.resyncProbability === 1 ? [] : [`in ${percent(state.resyncProbability)} of flows`]),
      `forgotten after ${times.join(', ')}`,
      `at most ${state.capacity}, then ${state.whenFull}`,
    ].join(', '),
  ];
}

function renderReassembly(reassembly: CensorReassembly): string[] {
  if (isSame(reassembly, DEFAULT_REASSEMBLY)) return [];
  const { tcp, tlsRecord, ipFragment, quicCrypto, overlap, buffer, fragments } = reassembly;
  const parts = [
    ...(tcp ? ['TCP segments'] : []),
    ...(tlsRecord ? ['TLS records'] : []),
    ...(ipFragment ? [`IP fragments (at most ${fragments})`] : []),
    ...(quicCrypto ? ['QUIC CRYPTO frames'] : []),
  ];
  const joined = parts.length === 0 ? 'puts nothing together' : `puts together ${parts.join(', ')}`;
  return [`  ${joined}, the ${overlap} of what overlaps, at most ${formatBytes(buffer)}`];
}

function renderChecks(checks: CensorChecks): string[] {
  const words = [
    ...(checks.checksum ? ['checksum'] : []),
    ...(checks.hops === 0 ? [] : [`TTL (${counted(checks.hops, 'hop')} to the server)`]),
    ...(checks.md5 ? ['MD5 option'] : []),
    ...(checks.ack ? ['acknowledgment'] : []),
    ...(checks.window ? ['window'] : []),
    ...(checks.timestamp ? ['timestamp'] : []),
    ...(checks.inOrder ? ['order'] : []),
  ];
  return words.length === 0 ? [] : [`  checks ${words.join(', ')}`];
}

const isSame = (left: unknown, right: unknown): boolean =>
  canonicalJson(left) === canonicalJson(right);
