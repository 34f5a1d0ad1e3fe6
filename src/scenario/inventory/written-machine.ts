// A machine in the scenario's own words → what is written of it.
import type { Span } from '../../base/diagnostic.ts';
import { LONGEST_TIMER } from '../../base/units.ts';
import { parseIp } from '../../base/addresses.ts';
import type { SshHop } from '../../model/machine.ts';
import type { Machine, Ssh, Underlay } from '../../model/scenario-file.ts';
import { millis } from '../resolve/quantity.ts';
import { isHost, isUser, parseHop, parseHops } from './hop-text.ts';
import { type MachineDraft, type Trouble, WIREGUARD_PORT } from './inventory.ts';

/** Where a machine is written: places within it, and files as seen from there. */
export interface Written {
  readonly spanOf: (...keys: readonly (string | number)[]) => Span;
  readonly filePath: (text: string, span: Span) => string;
  readonly report: (trouble: Trouble) => void;
}

/** A connection that is quiet for less than this is not yet lost. */
const SHORTEST_DEAD_MAN_MS = 5000;

export function draftOfMachine(machine: Machine, written: Written): MachineDraft {
  const { ssh, become, deadMan, underlay } = machine;
  return {
    ...(ssh === undefined ? {} : draftOfSsh(ssh, written)),
    ...(become === undefined ? {} : { become: become === 'sudo' ? 'sudo' : false }),
    ...(deadMan === undefined ? {} : { deadMan: deadManOf(deadMan, written) }),
    ...(underlay === undefined ? {} : draftOfUnderlay(underlay, written)),
  };
}

function draftOfSsh(ssh: Ssh, written: Written): MachineDraft {
  if (typeof ssh === 'string') return destination(ssh, written.spanOf('ssh'), written);
  const { host, port, user, identity, knownHosts, jump } = ssh;
  const files = (value: string | string[], key: string): string[] =>
    placed(value, key).map(([text, keys]) =>
      written.filePath(text, written.spanOf('ssh', ...keys)),
    );
  if (user !== undefined && !isUser(user))
    fault(written, written.spanOf('ssh', 'user'), `Expected the name of a user, found "${user}"`);
  return {
    ...(host === undefined ? {} : hostOf(host, written)),
    ...(port === undefined ? {} : { port }),
    ...(user === undefined ? {} : { user }),
    ...(identity === undefined ? {} : { identities: files(identity, 'identity') }),
    ...(knownHosts === undefined ? {} : { knownHosts: files(knownHosts, 'knownHosts') }),
    ...(jump === undefined ? {} : { jumps: jumpsOf(jump, written) }),
  };
}

/** One text or a list of them, each with the way to it. */
const placed = (
  value: string | readonly string[],
  key: string,
): (readonly [string, readonly (string | number)[]])[] =>
  typeof value === 'string'
    ? [[value, [key]]]
    : value.map((text, index) => [text, [key, index]] as const);

/** Port and user are left out where the text does not have them. */
export function destination(
  text: string,
  span: Span,
  written: Pick<Written, 'report'>,
): MachineDraft {
  const hop = parseHop(text);
  if (!hop.ok) {
    fault(written, span, hop.error, 'Write "user@host:port", or an alias of ~/.ssh/config');
    return {};
  }
  const { host, port, user } = hop.value;
  return { host, ...(port === null ? {} : { port }), ...(user === null ? {} : { user }) };
}

function hostOf(text: string, written: Written): MachineDraft {
  const host = text.replace(/^\[(.*)\]$/, '$1');
  const isName = isHost(host) && (!host.includes(':') || parseIp(host.replace(/%.*$/, '')).ok);
  if (isName) return { host };
  fault(
    written,
    written.spanOf('ssh', 'host'),
    `Expected a name, an address or an alias of a machine, found "${text}"`,
    'User and port have keys of their own: "user" and "port"',
  );
  return {};
}

function jumpsOf(jump: string | readonly string[], written: Written): readonly SshHop[] {
  return placed(jump, 'jump').flatMap(([text, keys]): readonly SshHop[] => {
    const hops = parseHops(text);
    if (hops.ok) return hops.value;
    fault(written, written.spanOf('ssh', ...keys), hops.error, 'Write "user@host:port"');
    return [];
  });
}

function deadManOf(text: string, written: Written): number {
  const value = millis(text);
  if (value >= SHORTEST_DEAD_MAN_MS && value <= LONGEST_TIMER) return value;
  written.report({
    code: 'S045',
    span: written.spanOf('deadMan'),
    message:
      value < SHORTEST_DEAD_MAN_MS
        ? `Expected a time of at least 5s, found "${text}"`
        : `Expected a time of at most 24 days, found "${text}"`,
  });
  return SHORTEST_DEAD_MAN_MS;
}

function draftOfUnderlay(underlay: Underlay, written: Written): MachineDraft {
  if (typeof underlay === 'string')
    return { address: { value: underlay, span: written.spanOf('underlay') } };
  const { address, wireguard } = underlay;
  const port =
    typeof wireguard === 'object'
      ? (wireguard.port ?? WIREGUARD_PORT)
      : wireguard === true
        ? WIREGUARD_PORT
        : false;
  return {
    ...(address === undefined
      ? {}
      : { address: { value: address, span: written.spanOf('underlay', 'address') } }),
    ...(wireguard === undefined
      ? {}
      : { wireguard: { value: port, span: written.spanOf('underlay', 'wireguard') } }),
  };
}

function fault(
  { report }: Pick<Written, 'report'>,
  span: Span,
  message: string,
  help?: string,
): void {
  report({ code: 'S142', span, message, ...(help === undefined ? {} : { help }) });
}
