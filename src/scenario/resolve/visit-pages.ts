// The pages that a `visit` names, in the entry itself or in a file with one a line.
import type { Traffic } from '../../model/scenario-file.ts';
import type { Span } from '../../base/diagnostic.ts';
import type { Context } from '../context.ts';
import { resolvePath } from '../source/resolve-path.ts';
import type { Path } from '../source/tree.ts';
import { quoted } from '../text.ts';

/** A URL as written, and where. */
interface WrittenPage {
  readonly text: string;
  readonly span: Span;
}

/** Each as a browser shows it, in the order of the file. Those that cannot be visited are reported and left out. */
export function resolvePages(
  context: Context,
  { urls, file }: NonNullable<Traffic['visit']>,
  path: Path,
): readonly string[] {
  const written =
    file === undefined
      ? (urls ?? []).map((text, index) => ({
          text,
          span: context.spanOf([...path, 'urls', index]),
        }))
      : readPages(context, file, [...path, 'file']);
  const pages = new Map<string, WrittenPage>();
  for (const page of written) {
    const url = readUrl(context, page);
    if (url === undefined) continue;
    const first = pages.get(url);
    if (first === undefined) pages.set(url, page);
    else
      context.reportAt('S200', page.span, `The page ${quoted(url)} is there twice`, {
        related: [{ message: 'The other one', span: first.span }],
        help: 'Remove one of them: "repeat" says how many visits of each page there are',
      });
  }
  return [...pages.keys()];
}

/** What follows `#` at the start of a line or after a space is a comment. */
function readPages(context: Context, file: string, path: Path): WrittenPage[] {
  const content = context.readText(file, path);
  if (!content.ok) return [];
  const name = resolvePath(context.spanOf(path).file, file);
  context.keepText(name, content.value);
  const pages = content.value.split(/\r?\n/).flatMap((line, index) => {
    const text = line.replace(/(^|\s)#.*$/, '').trim();
    const span = {
      file: name,
      line: index + 1,
      column: line.indexOf(text) + 1,
      length: text.length,
    };
    return text === '' ? [] : [{ text, span }];
  });
  if (pages.length === 0)
    context.report('S201', path, `There is no URL in "${file}"`, {
      help: 'Write one a line, such as "https://news.example/"',
    });
  return pages;
}

function readUrl(context: Context, { text, span }: WrittenPage): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const fault = faultOf(text, url);
  if (fault === null) return url?.href;
  const [message, help] = fault;
  context.reportAt('S200', span, message, { help });
  return undefined;
}

/** What is wrong with a page, and what to do about it; null when it can be visited. */
function faultOf(text: string, url: URL | undefined): readonly [string, string] | null {
  if (url === undefined || url.hostname === '')
    return [
      `Expected a URL, found ${quoted(text)}`,
      !text.includes('://') && URL.canParse(`https://${text}`)
        ? `Write its scheme: "https://${text}"`
        : 'Write it as in "https://news.example/"',
    ];
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return [`Expected a page over http or https, found ${quoted(text)}`, 'Remove it'];
  if (url.username !== '' || url.password !== '')
    return [
      'A URL with a name or password would be in the results',
      'Remove what stands before the "@"',
    ];
  return null;
}
