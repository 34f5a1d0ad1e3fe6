// What a web server has, ready to be sent: the files of its folders by path, and the answers of its recordings.
import { readFile, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, sep } from 'node:path';
import { Fault } from '../../../../base/fault.ts';
import { sha256 as sha256Of } from '../../../../base/hash.ts';
import { machinePath } from '../../../../model/container.ts';
import type { FolderSite, WebRecording, WebSpec } from '../../../../model/web.ts';
import {
  type RecordedAnswers,
  createRecordedAnswers,
} from '../../../../traffic/web/recorded-answers.ts';
import { type HarEntry, parseHar } from '../../../../wire/har.ts';
import { digestFile } from '../../../digest-files.ts';

export interface OpenSite {
  readonly host: string;
  /** By path, from the folder of the site. */
  readonly files: ReadonlyMap<string, OpenFile>;
}

export interface OpenFile {
  /** Absolute, without links. */
  readonly path: string;
  readonly bytes: number;
}

export interface WebContent {
  readonly sites: readonly OpenSite[];
  readonly recorded: RecordedAnswers;
}

const HELP =
  'Nothing may change the files of a site between the plan and the run: compile it again';

/** Throws a run fault for what is not as the plan has it. `folder` is that of the scenario's main file. */
export async function openContent(
  { sites, recordings }: Pick<WebSpec, 'sites' | 'recordings'>,
  folder: string,
): Promise<WebContent> {
  const [open, entries] = await Promise.all([
    Promise.all(sites.map((site) => openSite(site, folder))),
    Promise.all(recordings.map((recording) => readEntries(recording, folder))),
  ]);
  return { sites: open, recorded: createRecordedAnswers(entries.flat()) };
}

async function openSite(site: FolderSite, folder: string): Promise<OpenSite> {
  const own = machinePath(site.folder, folder, homedir());
  const root = await real(own);
  const files = new Map<string, OpenFile>();
  for (const { path, bytes, sha256 } of site.files) {
    const file = await real(join(own, path));
    const isOwn = file.startsWith(root + sep) && (await stat(file)).isFile();
    const found = isOwn ? await digestFile(file) : undefined;
    if (found?.bytes !== bytes || found.sha256 !== sha256)
      throw new Fault('run', `"${path}" of the site "${site.host}" is not what the plan says`, {
        help: HELP,
      });
    files.set(path, { path: file, bytes });
  }
  return { host: site.host, files };
}

async function readEntries(
  { file, sha256 }: WebRecording,
  folder: string,
): Promise<readonly HarEntry[]> {
  const content = await readFile(await real(machinePath(file, folder, homedir())));
  if (sha256Of(content) !== sha256)
    throw new Fault('run', `The recording "${file}" is not what the plan says`, { help: HELP });
  const har = parseHar(content.toString('utf8'));
  if (!har.ok)
    throw new Fault('run', `The recording "${file}" cannot be read: ${har.error.message}`);
  return har.value.entries;
}

async function real(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Fault('run', `"${path}" cannot be served: ${reason}`, { help: HELP, cause });
  }
}
