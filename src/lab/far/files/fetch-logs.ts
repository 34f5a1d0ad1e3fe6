import type { FarMachine } from '../far-machine.ts';
import { type FetchTreeOptions, fetchTree } from './fetch-tree.ts';

/** Where a lab's folder has what its programs wrote, and what was copied out of its containers. */
const FOLDERS = ['logs', 'files'];

/** Brings the logs and the copied files of a lab's folder there into the results folder here; gives what is written. */
export const fetchLogsAndFiles = (
  far: FarMachine,
  directory: string,
  localDirectory: string,
  options: Omit<FetchTreeOptions, 'only'> = {},
): Promise<string[]> => fetchTree(far, directory, localDirectory, { ...options, only: FOLDERS });
