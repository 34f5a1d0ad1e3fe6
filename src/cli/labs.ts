import type { LabRecord } from '../lab/list.ts';
import { listLabs } from '../lab/list-labs.ts';
import { paintFor, tell } from './terminal.ts';

export interface FoundLabs {
  readonly labs: readonly LabRecord[];
  /** False when an engine that may have some did not answer. */
  readonly isWhole: boolean;
}

/** The labs that a verb may mean; what cannot be known is said on stderr. */
export const findLabs = async (): Promise<readonly LabRecord[]> => (await surveyLabs()).labs;

/** As `findLabs`, for whoever must know whether these are all. */
export async function surveyLabs(): Promise<FoundLabs> {
  let isWhole = true;
  const labs = await listLabs((text) => {
    isWhole = false;
    tell(`${paintFor(process.stderr).bad('warning')}: ${text}`);
  });
  return { labs, isWhole };
}
