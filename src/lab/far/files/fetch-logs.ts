import type { FarMachine } from '../far-machine.ts';
import { type FetchTreeOptions, fetchTree } from './fetch-tree.ts';

/** Where a lab's folder has what its programs wrote, what was copied out of its containers, and what its visits left. */
const FOLDERS = ['logs', 'files', 'visits'];

/** Brings the logs and the copied files of a lab's folder there into the results folder here; gives what is written. */
export const fetchLogsAndFiles = (
  far: FarMachine,
  directory: string,
  localDirectory: string,
  options: Omit<FetchTreeOptions, 'only'> = {},
): Promise<string[]> => fetchTree(far, directory, localDirectory, { ...options, only: FOLDERS });
