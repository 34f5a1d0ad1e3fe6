// Faults of values whose text has a form of its own: quantities and names.
import { type Result, ok } from '../../base/result.ts';
import { parseBytes, parseMillis, parseRate, parseRatio } from '../../base/units.ts';
import type { SchemaFault } from '../schema-fault.ts';
import { parseSpan } from '../spans.ts';
import { quoted } from '../text.ts';
import type { Explanation } from './explanation.ts';

const QUANTITIES: Readonly<Record<string, (text: unknown) => Result<number, string>>> = {
  duration: parseMillis,
  pace: parseMillis,
  durationPerMember: parseMillis,
  rate: parseRate,
  ratePerMember: parseRate,
  size: parseBytes,
  sizePerMember: parseBytes,
  percentage: parseRatio,
  percentagePerMember: parseRatio,
  tmpfsSize: parseBytes,
  shareMatch: parseRatio,
  durationSpan: lowerEnd(parseMillis),
  sizeSpan: lowerEnd(parseBytes),
};

/** Of one quantity, or of two with a hyphen. */
function lowerEnd(parse: (text: unknown) => Result<number, string>): typeof parse {
  return (text: unknown): Result<number, string> => {
    const span = parseSpan(text, parse);
    return span.ok ? ok(span.value[0]) : span;
  };
}

/** What a name must be, and how to mend it. */
const NAMES: Readonly<Record<string, readonly [string, string?]>> = {
  nodeName: [
    'a host name of lower-case letters, digits and hyphens',
    'At most 63 characters, beginning and ending with a letter or digit (RFC 1123)',
  ],
  networkName: ['a network name of lower-case letters, digits and hyphens'],
  tunnelName: [
    'a tunnel name of at most 15 lower-case letters, digits and hyphens',
    'Its interfaces have it on both sides',
  ],
  partName: [
    'a name of letters, digits, hyphens and underscores',
    'It becomes part of file names in the results folder',
  ],
  paramName: ['a parameter name of letters, digits, hyphens and underscores'],
  hostName: ['a DNS name such as "blocked.example"'],
  siteName: ['a DNS name such as "news.example", or "*" for any other'],
  hostNameList: ['a DNS name such as "blocked.example"'],
  machineName: [
    'the name of a machine of letters, digits, ".", "_", ":" and "-"',
    'It begins and ends with a letter or digit',
  ],
  machineInterface: ['an interface of the machine such as "eth0"', 'At most 15 characters'],
  macAddress: ['a MAC address such as "02:00:00:00:00:01"'],
  interfaceName: ['an interface name of at most 15 letters, digits, hyphens and underscores'],
  containerPath: ['an absolute path in the container, such as "/srv"'],
  machinePath: [
    'a file or folder of the machine, such as "./site"',
    'For the folder that this file is in, write "."',
  ],
  build: ['a folder of the machine, such as "./web"', 'For the folder that this file is in, "."'],
  dockerfile: ['the path of a Dockerfile within the context', 'Leave it out for "Dockerfile"'],
  stageName: ['the name of a stage of the Dockerfile', 'Leave it out for the last stage'],
  userName: [
    'a user such as "nobody", "1000" or "1000:1000"',
    'A name or number without spaces, and perhaps ":" and a group',
  ],
  device: [
    'a device such as "/dev/net/tun"',
    'With a name inside and what is allowed: "/dev/sda:/dev/xvda:rwm"',
  ],
  sysctlName: ['the name of a kernel setting such as "net.core.somaxconn"'],
  variableName: ['the name of an environment variable such as "LANG"'],
  environmentName: [
    'the name of an environment variable such as "LANG"',
    'It is not empty and has neither "=" nor spaces',
  ],
  scriptVariable: ['the name of a variable such as "id"', 'Letters, digits and underscores'],
  sequenceNumber: [
    'a sequence number such as 1000, "+5" or "isn+1"',
    'Itself; from the next in order; or from the initial one',
  ],
  replaySpeed: ['a number such as 2, or "flat-out"'],
  tcpOption: [
    'one of the words "sackPermitted", "timestamps", "nop" and "end", or a map',
    'Those with a value are maps: { mss: 1460 }, { windowScale: 7 }',
  ],
  action: ['one of the words "allow", "drop" and "reset", or a map'],
  residualAction: ['one of the words "allow", "drop" and "reset", or a map'],
  mirrorEnd: [
    'a host and a port such as "online:9999", or a map',
    'With an address of its own: { host: target, address: 10.0.0.1, port: 80 }',
  ],
  mirrorCompare: [
    'one of the words "bytes", "http" and "postgres", or a map',
    'With more: { protocol: http, ignoreHeaders: [date] }',
  ],
  nodeList: [
    'a host name of lower-case letters, digits and hyphens',
    'Several are a list: [left, right]',
  ],
  countSpan: ['a number such as 5, or two such as "5-8"'],
  dropAfter: [
    'a number of packets such as 5 or "5-8", or a map',
    'Bytes are a map: { bytes: 16KiB }',
  ],
};

/** Undefined when the value's form is not what is wrong. */
export function explainText(fault: SchemaFault): Explanation | undefined {
  if (fault.keyword !== 'pattern' && fault.keyword !== 'type') return undefined;
  const title = String(fault.parentSchema['title']);
  const quantity = Object.hasOwn(QUANTITIES, title) ? QUANTITIES[title] : undefined;
  if (quantity !== undefined) return explainQuantity(quantity, fault.data);
  if (fault.keyword === 'type') return undefined;
  const at = fault.propertyName === undefined ? 'value' : 'key';
  const found = quoted(fault.propertyName ?? fault.data);
  const [wish, help] = (Object.hasOwn(NAMES, title) ? NAMES[title] : undefined) ?? [undefined];
  if (wish === undefined)
    return { code: 'S050', at, message: `Expected a value of another form, found ${found}` };
  return { code: 'S047', at, message: `Expected ${wish}, found ${found}`, help };
}

function explainQuantity(
  parse: (text: unknown) => Result<number, string>,
  data: unknown,
): Explanation {
  const parsed = parse(data);
  const message = parsed.ok
    ? `Expected a quantity of at most nine digits before and after the point, found ${quoted(data)}`
    : parsed.error;
  return { code: 'S046', at: 'value', message, help: quantityHelp(data) };
}

/** Undefined where the message says it all. */
function quantityHelp(data: unknown): string | undefined {
  return typeof data === 'string' && /^-\d/.test(data) ? 'Remove the "-"' : undefined;
}
