// environment and env_file
import { type Entry, type Value, blockOf, entry } from '../../write/yaml-value.ts';
import { isSecretName, isSecretPlace } from '../secrets.ts';
import type { ServiceContext } from './context.ts';
import type { Span } from '../../../base/diagnostic.ts';
import type { Variables } from '../variables.ts';
import { childOf } from '../../source/tree.ts';
import { readEnvironmentFile } from '../environment-file.ts';

/** Names as the scenario takes them. */
const VARIABLE = /^[A-Za-z_][\w.-]*$/;

/** One value, and where it is from. */
interface Found {
  readonly name: string;
  readonly value: string;
  readonly span: Span;
  readonly known: Variables;
  /** The variables in it that others had better not read. */
  readonly sensitive: readonly string[];
}

export function environmentEntries(context: ServiceContext): readonly Entry[] {
  const values = new Map<string, Value>();
  for (const file of environmentFiles(context)) addFile(context, file, values);
  for (const pair of context.reader.pairs(context.at('environment'), 'environment'))
    if (pair.name !== '') addPair(context, pair, values);
  for (const name of values.keys()) {
    if (VARIABLE.test(name)) continue;
    values.delete(name);
    context.notes.leaveOut(`the variable ${name}`, context.spanOf('environment'));
  }
  if (values.size === 0) return [];
  return [
    entry('environment', { entries: Array.from(values, ([name, value]) => entry(name, value)) }),
  ];
}

function addPair(
  context: ServiceContext,
  { name, value, span, tree }: ReturnType<ServiceContext['reader']['pairs']>[number],
  values: Map<string, Value>,
): void {
  const known = context.loader.variablesAt(span);
  const sensitive = context.loader.sensitive.get(tree.span) ?? [];
  if (sensitive.some((variable) => name.includes(known.lookUp(variable) ?? name)))
    context.notes.warn('C029', span, 'A variable is named by one of the environment: left out', {
      comment: 'a variable that is named by another is left out',
    });
  else if (value === undefined) addNamed(context, name, span, known, values);
  else values.set(name, valueOf(context, { name, value, span, known, sensitive }));
}

/** A name alone takes the value that the variable has, and is left out when it has none. */
function addNamed(
  context: ServiceContext,
  name: string,
  span: Span,
  known: Variables,
  values: Map<string, Value>,
): void {
  const value = known.lookUp(name);
  if (value === undefined) {
    values.delete(name);
    context.notes.warn('C007', span, `The variable "${name}" is not set: it is left out`, {
      comment: `${name} is not set, and left out`,
      help: `Set it where "runner import" is run, or give it a value: ${name}: value`,
    });
    return;
  }
  const isOpen = known.isFromEnvironment(name) && !isSecretName(name);
  if (isOpen) context.notes.comment(`${name} is as the environment of the import had it`);
  const sensitive = isOpen ? [] : known.sensitiveIn(name);
  values.set(name, valueOf(context, { name, value, span, known, sensitive }));
}

/** Read from the environment where that has the whole value, else as it is, with a warning where others had better not read it. */
function valueOf(context: ServiceContext, { name, value, span, known, sensitive }: Found): Value {
  if (value === '') return value;
  const whole = sensitive.find(
    (variable) => known.isFromEnvironment(variable) && known.lookUp(variable) === value,
  );
  if (whole !== undefined) {
    context.notes.comment(`${name} is taken from ${whole} in the environment of the runner`);
    return blockOf({ secret: blockOf({ env: whole }) });
  }
  const isFromEnvironment = sensitive.some(known.isFromEnvironment);
  const isTold =
    isFromEnvironment || ((sensitive.length > 0 || isSecretName(name)) && !isSecretPlace(value));
  if (isTold)
    context.notes.warn(
      'C029',
      span,
      `The value of "${name}" stands in the scenario for all to read${madeOf(sensitive)}`,
      {
        help: `Write { secret: { env: ${name} } } or { secret: { file: PATH } } in its place if it is one`,
      },
    );
  return value;
}

const madeOf = (variables: readonly string[]): string =>
  variables.length === 0 ? '' : `, and that of ${variables.join(', ')} in it`;

interface NamedFile {
  readonly path: string;
  readonly span: Span;
  readonly isRequired: boolean;
  readonly isRaw: boolean;
}

function environmentFiles(context: ServiceContext): readonly NamedFile[] {
  const { reader } = context;
  return reader.items(context.at('env_file')).flatMap((item) => {
    const path = reader.text(item.kind === 'map' ? childOf(item, 'path') : item, 'env_file');
    if (path === undefined || path === '') return [];
    const isMap = item.kind === 'map';
    return [
      {
        path: context.fileAt(path, item.span),
        span: item.span,
        isRequired: !isMap || reader.flag(childOf(item, 'required'), 'required') !== false,
        isRaw: isMap && reader.text(childOf(item, 'format'), 'format') === 'raw',
      },
    ];
  });
}

function addFile(context: ServiceContext, file: NamedFile, values: Map<string, Value>): void {
  const { loader, notes } = context;
  const text = loader.readOptional(file.path, file.span, file.isRequired);
  if (text === undefined) {
    if (!file.isRequired) notes.comment(`${file.path} is not there, and need not be`);
    return;
  }
  const known = loader.variablesAt(file.span);
  const found = readEnvironmentFile(text, known, file.isRaw);
  const start = { file: file.path, column: 1, length: 1 };
  for (const { line, message } of found.faults) notes.warn('C013', { ...start, line }, message);
  for (const { line, name } of found.unset)
    notes.warn(
      'C007',
      { ...start, line },
      `The variable "${name}" is not set: its place stays empty`,
    );
  notes.comment(`with the variables of ${file.path}`);
  for (const [name, value] of found.variables)
    if (value === undefined) addNamed(context, name, file.span, known, values);
    else {
      const sensitive = found.sensitive.get(name) ?? [];
      values.set(name, valueOf(context, { name, value, span: file.span, known, sensitive }));
    }
}
