// Which conversations of a capture are meant, as a person writes it.
import { type Result, fail, ok } from '../../base/result.ts';
import { parseIp } from '../../base/addresses.ts';
import type { ScriptEndpoint } from '../../model/script.ts';
import { IP_PROTOCOL } from '../../wire/ip-protocol.ts';

/** What a filter asks about. */
export interface FlowSubject {
  readonly number: number;
  readonly protocol: number;
  readonly client: ScriptEndpoint;
  readonly server: ScriptEndpoint;
}

type Test = (subject: FlowSubject) => boolean;

const FORMS = '"#3", "tcp:443", "443", "10.0.0.1", "10.0.0.1:5000" or "10.0.0.1:5000-10.0.0.2:443"';
const PROTOCOLS: ReadonlyMap<string, number> = new Map([
  ['tcp', IP_PROTOCOL.tcp],
  ['udp', IP_PROTOCOL.udp],
]);

/** `10.0.0.1:443`, `[fd00::1]:443`; the address alone without a port. */
export function formatEndpoint({ address, port }: ScriptEndpoint): string {
  if (port === 0) return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** `tcp-3`: what the third conversation is called. */
export const flowName = ({ number, protocol }: Pick<FlowSubject, 'number' | 'protocol'>): string =>
  `${protocolName(protocol)}-${number}`;

/** `#3 tcp 10.0.0.1:5000-10.0.0.2:443`. */
export const formatSubject = (subject: FlowSubject): string =>
  `#${subject.number} ${protocolName(subject.protocol)} ${formatEndpoint(subject.client)}-${formatEndpoint(subject.server)}`;

const protocolName = (protocol: number): string =>
  [...PROTOCOLS].find(([, number]) => number === protocol)?.[0] ?? `ip${protocol}`;

/** Those that any of the filters means, all without one; a filter that means none is a fault. */
export function chooseFlows<T extends FlowSubject>(
  all: readonly T[],
  filters: readonly string[],
): Result<readonly T[], string> {
  if (filters.length === 0) return ok(all);
  const chosen = new Set<T>();
  for (const filter of filters) {
    const test = parseFilter(filter);
    if (!test.ok) return test;
    const own = all.filter(test.value);
    if (own.length === 0)
      return fail(`No conversation of the file is "${filter}": it has ${listed(all)}`);
    for (const subject of own) chosen.add(subject);
  }
  return ok(all.filter((subject) => chosen.has(subject)));
}

const LISTED = 8;

function listed(all: readonly FlowSubject[]): string {
  const names = all.slice(0, LISTED).map(formatSubject).join(', ');
  return all.length > LISTED ? `${names} and ${all.length - LISTED} more` : names;
}

function parseFilter(text: string): Result<Test, string> {
  const number = /^#(\d+)$/.exec(text)?.[1];
  if (number !== undefined) return ok((subject) => subject.number === Number(number));
  const named = /^(tcp|udp|ip\d+)-(\d+)$/.exec(text);
  if (named) return ok((subject) => flowName(subject) === text);
  const [, word = '', port] = /^(tcp|udp)(?::(\d+))?$/.exec(text) ?? [];
  const protocol = PROTOCOLS.get(word);
  if (protocol !== undefined)
    return ok(
      (subject) =>
        subject.protocol === protocol && (port === undefined || hasPort(subject, Number(port))),
    );
  if (/^\d+$/.test(text)) return ok((subject) => hasPort(subject, Number(text)));
  const ends = text.split('-').map(parseEnd);
  const [left, right] = ends;
  if (ends.length > 2 || ends.includes(undefined) || left === undefined)
    return fail(`Expected a conversation such as ${FORMS}, found "${text}"`);
  return ok((subject) => meets(subject, left, right));
}

const endsOf = ({ client, server }: FlowSubject): readonly ScriptEndpoint[] => [client, server];

const hasPort = (subject: FlowSubject, port: number): boolean =>
  endsOf(subject).some((end) => end.port === port);

/** An endpoint; port 0 where it has none, and then any is meant. */
function parseEnd(text: string): ScriptEndpoint | undefined {
  const whole = parseIp(text);
  if (whole.ok) return { address: text, port: 0 };
  const [, bracketed, plain, port = ''] = /^(?:\[([^\]]*)\]|([^:]*)):(\d+)$/.exec(text) ?? [];
  const address = bracketed ?? plain ?? '';
  return parseIp(address).ok ? { address, port: Number(port) } : undefined;
}

/** In either direction. */
function meets(subject: FlowSubject, left: ScriptEndpoint, right?: ScriptEndpoint): boolean {
  const ends = endsOf(subject);
  return [ends, [...ends].reverse()].some(
    ([near, far]) => isEnd(near, left) && (right === undefined || isEnd(far, right)),
  );
}

const isEnd = (end: ScriptEndpoint | undefined, wanted: ScriptEndpoint): boolean =>
  end !== undefined &&
  sameAddress(end.address, wanted.address) &&
  (wanted.port === 0 || end.port === wanted.port);

function sameAddress(left: string, right: string): boolean {
  const [one, other] = [parseIp(left), parseIp(right)];
  return one.ok && other.ok && one.value.bytes.join() === other.value.bytes.join();
}
