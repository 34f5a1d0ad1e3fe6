// What the engine is told about a container beside its image, its program and its files.
import { type Entry, type Value, blockOf, entry, optional } from '../../write/yaml-value.ts';
import { isForwarding, isNamespaced, isOfInterface } from '../../rules/sysctls.ts';
import { CAPABILITIES } from '../../capability-names.ts';
import { LEAST_MEMORY } from '../../rules/container-limits.ts';
import { PLAN_SYSCTLS } from '../../steps/node-steps.ts';
import { composeBytes, scenarioSize } from '../quantities.ts';
import { durationAt } from './command.ts';
import type { ServiceContext } from './context.ts';

const HOST_NAME = /^(?=.{1,253}$)\w([\w-]{0,61}[A-Za-z0-9])?(\.\w([\w-]{0,61}[A-Za-z0-9])?)*$/;
const SIGNALS = new Map([
  ...[
    'TERM',
    'INT',
    'QUIT',
    'HUP',
    'KILL',
    'USR1',
    'USR2',
    'ALRM',
    'WINCH',
    'PWR',
    'CONT',
    'RTMIN+3',
  ].map((name) => [name, `SIG${name}`] as const),
  // signal(7), x86 and ARM.
  ...([
    ['1', 'SIGHUP'],
    ['2', 'SIGINT'],
    ['3', 'SIGQUIT'],
    ['9', 'SIGKILL'],
    ['10', 'SIGUSR1'],
    ['12', 'SIGUSR2'],
    ['14', 'SIGALRM'],
    ['15', 'SIGTERM'],
    ['18', 'SIGCONT'],
    ['28', 'SIGWINCH'],
    ['30', 'SIGPWR'],
  ] as const),
]);
/** getrlimit(2), as the scenario has them. */
const ULIMITS = new Set(
  'core cpu data fsize locks memlock msgqueue nice nofile nproc rss rtprio rttime sigpending stack'.split(
    ' ',
  ),
);
const LEAST_CPUS = 0.01;

export function settingEntries(context: ServiceContext): readonly Entry[] {
  return [
    ...optional('user', context.text('user')),
    ...optional('workingDir', workingDir(context)),
    ...optional('hostname', hostname(context)),
    ...capabilities(context),
    ...optional('privileged', flag(context, 'privileged')),
    ...list('devices', devices(context)),
    ...list('securityOptions', securityOptions(context)),
    ...sysctls(context),
    ...ulimits(context),
    ...limits(context),
    ...optional('shmSize', sizeAt(context, 'shm_size')),
    ...optional('readOnly', flag(context, 'read_only')),
    ...optional('init', flag(context, 'init')),
    ...terminal(context),
    ...optional('stopSignal', stopSignal(context)),
    ...optional('stopGrace', durationAt(context, 'stop_grace_period')),
  ];
}

/** Whether the service asks the kernel to forward. */
export const asksToForward = (context: ServiceContext): boolean =>
  context.reader
    .pairs(context.at('sysctls'), 'sysctls')
    .some(({ name, value }) => isForwarding(name) && value === '1');

const list = (key: string, items: readonly string[]): readonly Entry[] =>
  items.length === 0 ? [] : [entry(key, items)];

/** False is what is not written. */
const flag = (context: ServiceContext, key: string): true | undefined =>
  context.reader.flag(context.at(key), key) === true ? true : undefined;

function hostname(context: ServiceContext): string | undefined {
  const name = context.text('hostname');
  if (name === undefined || HOST_NAME.test(name)) return name;
  context.notes.leaveOut(`hostname ${name}`, context.spanOf('hostname'), 'It is no host name');
  return undefined;
}

function workingDir(context: ServiceContext): string | undefined {
  const folder = context.text('working_dir');
  if (folder === undefined || folder === '') return undefined;
  if (folder.startsWith('/')) return folder;
  context.notes.leaveOut(
    `working_dir: ${folder}`,
    context.spanOf('working_dir'),
    'Write an absolute path',
  );
  return undefined;
}

function capabilities(context: ServiceContext): readonly Entry[] {
  const names = (key: string): readonly string[] | undefined => {
    const found = context.reader.texts(context.at(key), key).flatMap(({ text, span }) => {
      const name = text.toUpperCase().replace(/^CAP_/, '');
      if (CAPABILITIES.has(name)) return [name];
      context.notes.leaveOut(`the capability ${text}`, span, 'capabilities(7) has the list');
      return [];
    });
    return found.length === 0 ? undefined : found;
  };
  const both = blockOf({ add: names('cap_add'), drop: names('cap_drop') });
  return both.entries.length === 0 ? [] : [entry('capabilities', both)];
}

function devices(context: ServiceContext): readonly string[] {
  const { reader } = context;
  return reader.items(context.at('devices')).flatMap((item) => {
    const written =
      item.kind === 'map'
        ? ['source', 'target', 'permissions'].map((key) =>
            reader.text(item.entries.get(key)?.value, `devices.${key}`),
          )
        : (reader.text(item, 'devices') ?? '').split(':');
    const [from = '', to = from, rights] = written;
    if (from.startsWith('/') && to.startsWith('/'))
      return [
        rights !== undefined ? `${from}:${to}:${rights}` : to === from ? from : `${from}:${to}`,
      ];
    context.notes.leaveOut(`the device ${from}`, item.span, 'Name a device such as /dev/net/tun');
    return [];
  });
}

function securityOptions(context: ServiceContext): readonly string[] {
  return context.reader
    .texts(context.at('security_opt'), 'security_opt')
    .flatMap(({ text, span }) => {
      const option = text.replace(/^([a-z-]+):/, '$1=');
      if (!/^seccomp=.*[./]/.test(option)) return [option];
      context.notes.leaveOut(option, span, 'A profile of its own cannot be given');
      return [];
    });
}

function sysctls(context: ServiceContext): readonly Entry[] {
  const { notes, reader } = context;
  const entries = reader
    .pairs(context.at('sysctls'), 'sysctls')
    .flatMap(({ name, value, span }) => {
      if (isForwarding(name)) {
        notes.comment(`${name} is what "forwarding" says`);
        return [];
      }
      if (!isNamespaced(name)) {
        notes.leaveOut(name, span, "It is the whole machine's: set it there before the run");
        return [];
      }
      if (PLAN_SYSCTLS.has(name) || isOfInterface(name)) {
        notes.leaveOut(
          name,
          span,
          'The lab makes the interfaces, and settings of its own with them',
        );
        return [];
      }
      return value === undefined ? [] : [entry(name, value)];
    });
  return entries.length === 0 ? [] : [entry('sysctls', { entries })];
}

function ulimits(context: ServiceContext): readonly Entry[] {
  const { reader } = context;
  const entries = Array.from(reader.map(context.at('ulimits'), 'ulimits')).flatMap(
    ([name, { value, keySpan }]): readonly Entry[] => {
      if (!ULIMITS.has(name)) {
        context.notes.leaveOut(`the limit ${name}`, keySpan, 'getrlimit(2) has the list');
        return [];
      }
      if (value.kind !== 'map') return optional(name, reader.number(value, `ulimits.${name}`));
      const soft = reader.number(value.entries.get('soft')?.value, `ulimits.${name}.soft`);
      const hard = reader.number(value.entries.get('hard')?.value, `ulimits.${name}.hard`);
      const both = blockOf({ soft: soft ?? hard, hard: hard ?? soft });
      return both.entries.length === 0 ? [] : [entry(name, both)];
    },
  );
  return entries.length === 0 ? [] : [entry('ulimits', { entries })];
}

/** Of the service itself, else of its deployment. */
function limits(context: ServiceContext): readonly Entry[] {
  const at = ['deploy', 'resources', 'limits'] as const;
  const number = (...path: readonly string[]): number | undefined =>
    context.reader.number(context.at(...path), path.join('.'));
  const quota = number('cpu_quota');
  const cpus =
    number('cpus') ??
    number(...at, 'cpus') ??
    (quota !== undefined && quota > 0 ? quota / (number('cpu_period') ?? 100_000) : undefined);
  if (cpus !== undefined && cpus > 0 && cpus < LEAST_CPUS)
    context.notes.leaveOut(`cpus: ${cpus}`, context.service.span, `It is ${LEAST_CPUS} at least`);
  const pids = number('pids_limit') ?? number(...at, 'pids');
  return [
    ...optional('memory', memory(context, 'mem_limit') ?? memory(context, ...at, 'memory')),
    ...optional('cpus', cpus !== undefined && cpus >= LEAST_CPUS ? cpus : undefined),
    ...optional('pids', pids !== undefined && pids > 0 ? pids : undefined),
  ];
}

function memory(context: ServiceContext, ...path: readonly string[]): Value | undefined {
  const text = context.text(...path);
  if (text === undefined || (composeBytes(text) ?? LEAST_MEMORY) >= LEAST_MEMORY || text === '0')
    return sizeAt(context, ...path);
  const span = context.at(...path)?.span ?? context.service.span;
  context.notes.leaveOut(`${path.join('.')}: ${text}`, span, 'Engines give 6 MiB at least');
  return undefined;
}

function sizeAt(context: ServiceContext, ...path: readonly string[]): Value | undefined {
  const text = context.text(...path);
  if (text === undefined || text === '' || text === '0' || text === '-1') return undefined;
  const bytes = composeBytes(text);
  if (bytes !== undefined) return scenarioSize(bytes);
  const span = context.at(...path)?.span ?? context.service.span;
  context.notes.error('C010', span, `Expected a size such as "512m", found "${text}"`);
  return undefined;
}

/** A scenario has a terminal with an open standard input, or neither. */
function terminal(context: ServiceContext): readonly Entry[] {
  const isOpen = flag(context, 'stdin_open') === true;
  const hasTerminal = flag(context, 'tty') === true;
  if (isOpen && !hasTerminal)
    context.notes.comment(
      'tty is what keeps its standard input open: stdin_open in the compose file',
    );
  return isOpen || hasTerminal ? [entry('tty', true)] : [];
}

function stopSignal(context: ServiceContext): string | undefined {
  const text = context.text('stop_signal');
  if (text === undefined) return undefined;
  const signal = SIGNALS.get(text.toUpperCase().replace(/^SIG/, ''));
  if (signal === undefined)
    context.notes.leaveOut(`stop_signal ${text}`, context.spanOf('stop_signal'));
  return signal;
}
