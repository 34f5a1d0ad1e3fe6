// `serve: { web }` → sites and recordings, read before anything else is resolved: their names lead to the servers.
import type { ServeWeb } from '../../../model/scenario-file.ts';
import { type FolderSite, type WebRecording, webNames } from '../../../model/web.ts';
import type { Context } from '../../context.ts';
import type { Path } from '../../source/tree.ts';
import { readFolder } from './folder.ts';
import { readRecording } from './recording.ts';

export interface WebContent {
  readonly sites: readonly FolderSite[];
  readonly recordings: readonly WebRecording[];
}

/** By the place of the entry in `traffic`. */
export function resolveWeb(context: Context): ReadonlyMap<number, WebContent> {
  const found = new Map<number, WebContent>();
  for (const [index, { serve }] of (context.scenario.traffic ?? []).entries())
    if (serve?.web !== undefined)
      found.set(index, contentOf(context, serve.web, ['traffic', index, 'serve', 'web']));
  return found;
}

function contentOf(context: Context, { sites = {}, har = [] }: ServeWeb, path: Path): WebContent {
  const folders = Object.entries(sites).flatMap(([name, folder]) => {
    const at = [...path, 'sites', name];
    const files = readFolder(context, folder, at);
    const host = name.toLowerCase();
    return files ? [{ host, folder: context.filePath(folder, at), files }] : [];
  });
  const recordings = [har].flat().flatMap((file, index) => {
    const at = Array.isArray(har) ? [...path, 'har', index] : [...path, 'har'];
    const recording = readRecording(context, file, at);
    return recording ? [{ ...recording, file: context.filePath(file, at) }] : [];
  });
  checkNames(context, sites, recordings, path);
  if (Object.keys(sites).length === 0 && [har].flat().length === 0)
    context.report('S210', path, 'The web server has neither "sites" nor "har"', {
      help: 'Write sites: { news.example: sites/news }, or har: sites/shop.har',
    });
  return { sites: folders, recordings };
}

/** Recordings may have a host in common, as sites that get their fonts from the same place do: the first that has an answer gives it. */
function checkNames(
  context: Context,
  sites: NonNullable<ServeWeb['sites']>,
  recordings: readonly WebRecording[],
  path: Path,
): void {
  const written = new Map<string, string>();
  for (const name of Object.keys(sites)) {
    const at = [...path, 'sites', name];
    const other = written.get(name.toLowerCase());
    const recording = recordings.find(({ hosts }) => hosts.includes(name.toLowerCase()));
    written.set(name.toLowerCase(), other ?? name);
    if (other !== undefined)
      context.report('S212', at, `The sites "${other}" and "${name}" have the same name`, {
        key: true,
        help: 'Names are the same in capitals: remove one',
      });
    else if (recording !== undefined)
      context.report(
        'S212',
        at,
        `"${name}" is a host of the recording "${recording.file}" as well`,
        {
          key: true,
          help: 'Give the folder another name, or take the host out of the recording',
        },
      );
  }
}

export const namesOfContent = (content: WebContent | undefined): readonly string[] =>
  content === undefined ? [] : webNames(content);
