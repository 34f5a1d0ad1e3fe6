// environment and env_file
import type { Span } from '../../../base/diagnostic.ts';
import { type Entry, type Value, blockOf, entry } from '../write/yaml-value.ts';
import { readEnvironmentFile } from '../environment-file.ts';
import { childOf } from '../../source/tree.ts';
import type { ServiceContext } from './context.ts';

/** Names whose values had better not be read by others. */
const SECRET_NAME = /(PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|CREDENTIALS?)$/i;
/** What such a name may stand for in the clear: a place where the secret is, a switch, or nothing. */
const SECRET_PLACE = /^(\/.*|[01]|true|false|yes|no|)$/i;
const VARIABLE = /^[A-Za-z_]\w*$/;

export function environmentEntries(context: ServiceContext): readonly Entry[] {
  const values = new Map<string, Value>();
  for (const file of environmentFiles(context)) addFile(context, file, values);
  for (const pair of context.reader.pairs(context.at('environment'), 'environment'))
    if (pair.name !== '') values.set(pair.name, valueOf(context, pair));
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

function valueOf(
  context: ServiceContext,
  { name, value, span, tree }: ReturnType<ServiceContext['reader']['pairs']>[number],
): Value {
  const known = context.loader.variablesAt(span);
  if (value === undefined) {
    const inFile = known.isFromEnvironment(name) ? undefined : known.lookUp(name);
    if (inFile !== undefined) return checked(context, name, inFile, span);
    context.notes.comment(`${name} is taken from the environment of the runner`);
    return secretOf(name);
  }
  const variable = context.loader.references.get(tree);
  if (variable !== undefined && SECRET_NAME.test(name) && known.isFromEnvironment(variable)) {
    context.notes.comment(`${name} is taken from ${variable} in the environment of the runner`);
    return secretOf(variable);
  }
  return checked(context, name, value, span);
}

const secretOf = (name: string): Value => blockOf({ secret: blockOf({ env: name }) });

function checked(context: ServiceContext, name: string, value: string, span: Span): string {
  if (SECRET_NAME.test(name) && !SECRET_PLACE.test(value))
    context.notes.warn(
      'C029',
      span,
      `The value of "${name}" stands in the scenario for all to read`,
      {
        help: `Write { secret: { env: ${name} } } or { secret: { file: PATH } } in its place if it is one`,
      },
    );
  return value;
}

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
  const { variables, faults } = readEnvironmentFile(text, known.lookUp, file.isRaw);
  const start = { file: file.path, column: 1, length: 1 };
  for (const { line, message } of faults) notes.warn('C013', { ...start, line }, message);
  notes.comment(`with the variables of ${file.path}`);
  for (const [name, value] of variables)
    if (value !== undefined) values.set(name, checked(context, name, value, file.span));
    else if (known.lookUp(name) !== undefined) values.set(name, secretOf(name));
    else notes.comment(`${name} of ${file.path} is not set`);
}
