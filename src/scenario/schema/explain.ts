// What the validator found, in our words.
import type { SchemaFault } from '../schema-fault.ts';
import { didYouMean } from '../suggest.ts';
import { listed, quoted } from '../text.ts';
import type { Explanation } from './explanation.ts';
import { foreignValue, foreignWord } from './foreign-words.ts';
import { explainText } from './explain-text.ts';
import { unsupported } from './unsupported.ts';

export function explain(fault: SchemaFault): Explanation {
  const text = explainText(fault);
  if (text !== undefined) return text;
  switch (fault.keyword) {
    case 'additionalProperties':
      return unknownKey(fault);
    case 'required': {
      const key = String(fault.params['missingProperty']);
      return { code: 'S043', at: 'key', message: `Missing key "${key}"`, help: exampleOf(key) };
    }
    case 'oneOf':
      return choice(fault);
    case 'type':
      return wrongType(fault);
    case 'enum':
      return notListed(fault);
    case 'const':
      return {
        code: 'S044',
        at: 'value',
        message: `Expected ${quoted(fault.params['allowedValue'])}, found ${quoted(fault.data)}`,
      };
    case 'minimum':
    case 'maximum':
      return outOfRange(fault);
    case 'minItems':
      return {
        code: 'S049',
        at: 'value',
        message: 'Expected a list of at least one, found an empty one',
      };
    case 'minProperties':
    case 'maxProperties':
      return count(fault);
    default:
      return {
        code: 'S050',
        at: 'value',
        message: `Expected a value of another form, found ${quoted(fault.data)}`,
      };
  }
}

/** What people most likely mean to write. */
const EXAMPLES: Readonly<Record<string, string>> = {
  version: 'version: 1',
  image: 'image: nginx:1.27, or build: ./folder with a Dockerfile',
  context: 'context: ./folder',
  test: 'test: [wget, -q, -O-, "http://localhost/"]',
  from: 'from: /var/log/censor.log',
  secret: 'secret: { env: TOKEN } or secret: { file: ./token }',
  name: 'name: censor',
  hosts: 'hosts: { client: {}, server: {} }',
  members: 'members: [client, server]',
  on: 'on: middle',
  to: 'to: server:443',
  match: 'match: { tls.sni: blocked.example }',
  action: 'action: reset',
  rules: 'rules: [{ match: { tls.sni: blocked.example }, action: reset }]',
  for: 'for: 90s',
  rate: 'rate: 1mbit',
  type: 'type: string',
  qname: 'qname: blocked.example',
  records: 'records: { fine.example: server }',
  table: 'table: 100',
  out: 'out: outside',
  command: 'command: [curl, "http://server/"]',
  times: 'times: 10',
  steps: 'steps: [ … ]',
};

const exampleOf = (key: string): string => `Write ${EXAMPLES[key] ?? key}`;

const titleOf = (fault: SchemaFault): string => {
  const title = fault.parentSchema['title'];
  return typeof title === 'string' && title !== 'ScenarioFile' ? title : '';
};

const keysOf = (fault: SchemaFault): string[] => {
  const { properties } = fault.parentSchema;
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
};

function unknownKey(fault: SchemaFault): Explanation {
  const key = String(fault.params['additionalProperty']);
  const isTop = fault.instancePath === '';
  const later = isTop || titleOf(fault) !== '' ? unsupported(titleOf(fault), key) : undefined;
  if (later !== undefined)
    return {
      code: 'S041',
      at: 'key',
      message: `The key "${key}" is not supported by this version of runner`,
      help: later.help,
    };
  const known = keysOf(fault);
  const help =
    foreignWord(titleOf(fault), key) ??
    didYouMean(key, known) ??
    (known.length === 0 ? 'It takes no keys: write {}' : `It has: ${known.join(', ')}`);
  return { code: 'S040', at: 'key', message: `Unknown key "${key}"`, help };
}

function choice(fault: SchemaFault): Explanation {
  const branches = fault.parentSchema['oneOf'];
  const keys = (Array.isArray(branches) ? branches : []).flatMap((branch: unknown) =>
    typeof branch === 'object' && branch !== null && 'required' in branch ? branch.required : [],
  );
  const data = typeof fault.data === 'object' && fault.data !== null ? fault.data : {};
  const present = keys.filter((key) => Object.hasOwn(data, String(key)));
  return {
    code: 'S048',
    at: 'key',
    message: `Expected exactly one of ${listed(keys)}, found ${present.length === 0 ? 'none' : listed(present, 'and')}`,
    help: present.length > 1 ? 'Write one entry for each' : undefined,
  };
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'a map',
  array: 'a list',
  null: 'null',
};

function wrongType(fault: SchemaFault): Explanation {
  const wanted = fault.params['type'];
  const names = (Array.isArray(wanted) ? wanted : [wanted]).map(
    (type) => TYPE_NAMES[String(type)] ?? String(type),
  );
  return {
    code: 'S042',
    at: 'value',
    message: `Expected ${listed(names, 'or', false)}, found ${describe(fault.data)}`,
    help: typeHelp(names, fault.data, fault),
  };
}

function typeHelp(
  wanted: readonly string[],
  found: unknown,
  fault: SchemaFault,
): string | undefined {
  const title = titleOf(fault);
  const script = scriptHelp(title, fault);
  if (script !== undefined) return script;
  if (title === 'argv' && typeof found === 'string') return argvHelp(fault.instancePath, found);
  if (title === 'run' || (wanted[0] === 'a list' && title === '' && typeof found === 'string'))
    return title === 'run'
      ? 'Write the program and each argument as an item of a list: [curl, "http://server/"]'
      : 'Put it in brackets';
  if (
    wanted.includes('true or false') &&
    typeof found === 'string' &&
    /^(yes|no|on|off)$/i.test(found)
  )
    return `Write ${/^(yes|on)$/i.test(found) ? 'true' : 'false'}`;
  if (
    wanted.includes('text') &&
    (typeof found === 'number' || typeof found === 'boolean') &&
    fault.parentSchema['enum'] === undefined
  )
    return 'Put it in quotes';
  if (
    wanted.some((name) => name.endsWith('number')) &&
    typeof found === 'string' &&
    /^\d+$/.test(found)
  )
    return 'Remove the quotes';
  if (found === null) return nothingHelp(wanted, fault);
  return undefined;
}

/** How what a script says is written. */
function scriptHelp(title: string, { data, instancePath }: SchemaFault): string | undefined {
  if (title === 'scriptExpect' && typeof data === 'string')
    return `Write { exact: ${JSON.stringify(data)} }, or { bytes: ${data.length} }`;
  if (title === 'scriptStep' && typeof data === 'string')
    return `Write who does what: { ${data}: { send: hello } }`;
  if (instancePath.endsWith('/flags') && Array.isArray(data)) return `Write "${data.join('+')}"`;
  if (/\/(script|steps|then|else)$/.test(instancePath) && typeof data === 'object' && data !== null)
    return 'Write a list: a "-" before each step';
  return undefined;
}

/** What to write where there is nothing. A map that needs keys is none to suggest. */
function nothingHelp(wanted: readonly string[], fault: SchemaFault): string {
  const { required, minProperties } = fault.parentSchema;
  if (titleOf(fault) === 'environmentValue') return 'Write "" for a variable that is empty';
  if (titleOf(fault) === 'healthcheck') return 'Write false for none, or leave it out';
  return wanted.includes('a map') && required === undefined && minProperties === undefined
    ? 'Write {} for a map without keys'
    : 'Leave it out';
}

/** A command line as the list that it should be. */
function argvHelp(path: string, found: string): string {
  const key = path.slice(path.lastIndexOf('/') + 1);
  const words = /["'$|&;<>`\\*?(){}]/.test(found)
    ? ['sh', '-c', found]
    : found.split(/\s+/).filter(Boolean);
  return `Write the program and each argument as an item of a list: ${key}: ${JSON.stringify(words)}`;
}

export function describe(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  return quoted(value);
}

function notListed(fault: SchemaFault): Explanation {
  const allowed = fault.params['allowedValues'];
  const values = Array.isArray(allowed) ? allowed : [];
  const words = values.filter((value) => typeof value === 'string');
  const help =
    typeof fault.data === 'string'
      ? (foreignValue(fault.instancePath, fault.data) ?? didYouMean(fault.data, words))
      : undefined;
  return {
    code: 'S044',
    at: fault.propertyName === undefined ? 'value' : 'key',
    message: `Expected ${values.length === 1 ? '' : 'one of '}${listed(values)}, found ${describe(fault.data)}`,
    help,
  };
}

function outOfRange(fault: SchemaFault): Explanation {
  const { minimum, maximum } = fault.parentSchema;
  const bounds = [
    typeof minimum === 'number' ? `at least ${minimum}` : '',
    typeof maximum === 'number' ? `at most ${maximum}` : '',
  ].filter(Boolean);
  return {
    code: 'S045',
    at: 'value',
    message: `Expected a number of ${bounds.join(' and ')}, found ${quoted(fault.data)}`,
  };
}

function count(fault: SchemaFault): Explanation {
  const known = keysOf(fault);
  const found =
    typeof fault.data === 'object' && fault.data !== null ? Object.keys(fault.data) : [];
  const step = stepCount(titleOf(fault), found);
  if (step !== undefined) return step;
  if (known.length === 0)
    return {
      code: 'S049',
      at: 'value',
      message: 'Expected a map of at least one, found an empty one',
    };
  const exactly =
    fault.parentSchema['maxProperties'] === 1 ? 'exactly one of ' : 'at least one of ';
  return {
    code: 'S048',
    at: 'key',
    message: `Expected ${exactly}${listed(known)}, found ${found.length === 0 ? 'none' : listed(found, 'and')}`,
  };
}

/** Steps of scripts are maps of one party, whatever its name, and what it does. */
function stepCount(title: string, found: readonly string[]): Explanation | undefined {
  if (title === 'scriptAction')
    return {
      code: 'S151',
      at: 'key',
      message: 'The step does nothing',
      help: 'Write what it does: { send: hello }, { expect: { bytes: 5 } }, { wait: 10ms }',
    };
  if (title !== 'scriptStep') return undefined;
  return {
    code: 'S151',
    at: 'key',
    message: `Expected a step by one party, found ${found.length === 0 ? 'none' : listed(found, 'and')}`,
    help:
      found.length === 0
        ? 'Write { client: { send: hello } }'
        : 'Write one step for each, in their order',
  };
}
