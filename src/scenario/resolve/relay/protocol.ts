import type { ProtocolSpec } from '../../../model/protocol.ts';
import { RAW_PROTOCOL } from '../../../model/relay-defaults.ts';
import type { Context } from '../../context.ts';
import { compileProtocolText } from '../../protocol/compile-protocol-text.ts';
import { resolvePath } from '../../source/resolve-path.ts';
import type { Path } from '../../source/tree.ts';

/** The description of a protocol, by its name among those of runner or by its file; undefined, with a report, where there is none. */
export function resolveProtocol(
  context: Context,
  name: string | undefined,
  path: Path,
): ProtocolSpec | undefined {
  if (name === undefined || name === RAW_PROTOCOL.protocol) return RAW_PROTOCOL;
  const found = isFile(name) ? ofFile(context, name, path) : ofName(context, name, path);
  if (found === undefined) return undefined;
  const spec = compileProtocolText(found.text, found.file);
  if (spec.ok) return spec.value;
  context.keepText(found.file, found.text);
  for (const { code, span, message, severity, help, related = [] } of spec.error)
    context.reportAt(code, span, message, {
      severity,
      help,
      related: [...related, { message: 'The protocol is named here', span: context.spanOf(path) }],
    });
  return undefined;
}

interface Description {
  readonly file: string;
  readonly text: string;
}

const isFile = (name: string): boolean => name.includes('/') || /\.ya?ml$/.test(name);

function ofFile(context: Context, name: string, path: Path): Description | undefined {
  const text = context.readText(name, path);
  if (!text.ok) return undefined;
  return { file: resolvePath(context.spanOf(path).file, name), text: text.value };
}

function ofName(context: Context, name: string, path: Path): Description | undefined {
  const { names, read } = context.protocols;
  if (names.includes(name)) {
    const text = read(name);
    if (text.ok) return { file: `${name}.yaml`, text: text.value };
    context.report('S181', path, `Cannot read the protocol "${name}": ${text.error}`);
    return undefined;
  }
  context.report('S181', path, `There is no protocol "${name}"`, {
    help:
      context.suggest(name, names) ??
      `There are: ${names.join(', ')}; or write a file with its description, "./${name}.yaml"`,
  });
  return undefined;
}
