import type { SiteFile } from '../../../model/web.ts';
import type { Context } from '../../context.ts';
import type { Path } from '../../source/tree.ts';
import { listed } from '../../text.ts';

/** Names that are shown; the rest are counted. */
const SHOWN = 3;

/** The files of a site's folder; undefined, with a report, when it cannot be served. */
export function readFolder(
  context: Context,
  folder: string,
  path: Path,
): readonly SiteFile[] | undefined {
  const listing = context.listFolder(folder, path);
  if (!listing.ok) {
    context.report('S210', path, `Cannot serve "${folder}": ${listing.error}`, {
      help: 'It is looked for beside the file that names it',
    });
    return undefined;
  }
  const { files, astray } = listing.value;
  if (astray.length > 0) {
    const more = astray.length > SHOWN ? ` and ${astray.length - SHOWN} more` : '';
    const names = listed(astray.slice(0, SHOWN), 'and');
    context.report(
      'S210',
      path,
      `"${folder}" has ${astray.length} ${astray.length === 1 ? 'entry' : 'entries'} that cannot be served: ${names}${more}`,
      {
        help: 'Only plain files and links to files of the same folder are: copy what they lead to',
      },
    );
    return undefined;
  }
  if (files.some((file) => file.path === 'index.html')) return files;
  context.report('S210', path, `There is no "index.html" in "${folder}"`, {
    help: files.length === 0 ? 'It is empty' : 'It is the page of "/": name one of the pages so',
  });
  return undefined;
}
