import { sha256 } from '../../../base/hash.ts';
import { decodeUtf8 } from '../../../base/utf8.ts';
import type { WebRecording } from '../../../model/web.ts';
import { harHosts, parseHar } from '../../../wire/har.ts';
import type { Context } from '../../context.ts';
import { resolvePath } from '../../source/resolve-path.ts';
import type { Path } from '../../source/tree.ts';

/** The hosts of a recording; undefined, with a report, when it cannot be served. */
export function readRecording(
  context: Context,
  file: string,
  path: Path,
): Omit<WebRecording, 'file'> | undefined {
  const content = context.readBytes(file, path);
  const text = content.ok ? decodeUtf8(content.value) : content;
  if (!content.ok || !text.ok) {
    context.report('S020', path, `Cannot read "${file}": ${text.ok ? '' : text.error}`, {
      help: 'It is looked for beside the file that names it',
    });
    return undefined;
  }
  const har = parseHar(text.value);
  if (!har.ok) {
    const { message, offset } = har.error;
    const help = 'Save one with the network panel of a browser ("Save all as HAR with content")';
    if (offset === null)
      context.report('S211', path, `"${file}" is no recording (HAR). ${message}`, { help });
    else reportAt(context, file, text.value, offset, message, path);
    return undefined;
  }
  if (har.value.entries.length === 0) {
    context.report('S211', path, `There is no answer in the recording "${file}"`, {
      help: `${har.value.skipped} of its entries failed, or are not of HTTP`,
    });
    return undefined;
  }
  return { sha256: sha256(content.value), hosts: harHosts(har.value) };
}

/** Characters of the line that are shown: recordings may be one line. */
const SHOWN = 60;

function reportAt(
  context: Context,
  file: string,
  text: string,
  offset: number,
  message: string,
  path: Path,
): void {
  const before = text.slice(0, offset).split('\n');
  const line = before.length;
  const column = (before.at(-1)?.length ?? 0) + 1;
  const name = resolvePath(context.spanOf(path).file, file);
  const end = text.indexOf('\n', offset);
  const isShort = (end < 0 ? text.length : end) - offset + column < SHOWN * 4;
  // A line of a megabyte would bury what is wrong with it.
  if (!isShort) {
    const around = JSON.stringify(text.slice(Math.max(offset - SHOWN, 0), offset + SHOWN));
    context.report(
      'S211',
      path,
      `${message} (line ${line}, column ${column} of "${file}": ${around})`,
    );
    return;
  }
  context.keepText(name, text);
  context.reportAt('S211', { file: name, line, column, length: 1 }, message, {
    related: [{ message: 'The recording is named here', span: context.spanOf(path) }],
  });
}
