// Visits in the results folder: `visit.json` in the folder of each, written when it has ended, so that a run that is killed can be gone on with.
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Fault } from '../base/fault.ts';
import { member } from '../base/member.ts';
import type { VisitRecord } from '../model/visit.ts';
import { hasCode } from './error-code.ts';
import { inside } from './results-name.ts';
import { resultsFault } from './results-fault.ts';
import { isFinished } from './visit-ledger.ts';

const FOLDER = 'visits';
/** Those that the run did not make because an earlier one had. */
const CARRIED = 'visits/carried.json';

/** Below the folder of its arm. */
export const writeVisit = (directory: string, record: VisitRecord): Promise<void> =>
  writeJson(directory, `${record.folder ?? FOLDER}/visit.json`, record);

export const writeCarried = (directory: string, records: readonly VisitRecord[]): Promise<void> =>
  writeJson(directory, CARRIED, records);

async function writeJson(directory: string, name: string, value: unknown): Promise<void> {
  const path = inside(directory, name);
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, `${JSON.stringify(value, undefined, 2)}\n`);
  } catch (error) {
    throw resultsFault(error, path);
  }
}

/**
 * The visits that an earlier run has finished, of one arm, in the order in which they were made. Throws a usage fault where the folder is none
 * of a run; what is damaged, as the last visit of a run that was killed may be, counts as not made.
 */
export async function readFinishedVisits(
  results: string,
  arm: 'main' | 'control',
): Promise<VisitRecord[]> {
  if ((await readJson(join(results, 'plan.json'))) === undefined)
    throw new Fault('usage', `"${results}" is no results folder of a run`, {
      help: 'Name one such as results/visits/latest, or the hidden ".….partial" of a run that was killed',
    });
  const directory = arm === 'control' ? join(results, 'control') : results;
  const carried = await readJson(join(directory, CARRIED));
  const files = (await listBelow(join(directory, FOLDER))).filter((file) =>
    file.endsWith('/visit.json'),
  );
  // One after the other: there may be more of them than files that may be open at once.
  const read: unknown[] = [];
  for (const file of files) read.push(await readJson(file));
  return [...(Array.isArray(carried) ? (carried as unknown[]) : []), ...read]
    .filter(isVisitRecord)
    .filter(isFinished)
    .toSorted((left, right) => (left.begin ?? 0) - (right.begin ?? 0));
}

const isVisitRecord = (value: unknown): value is VisitRecord =>
  ['flow', 'url', 'with', 'status'].every((key) => typeof member(value, key) === 'string');

async function listBelow(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

/** Undefined where there is none, and of one that was not written to its end. */
async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError || hasCode(error, 'ENOENT')) return undefined;
    throw resultsFault(error, file);
  }
}
