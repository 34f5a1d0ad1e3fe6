import type { LabRecord } from '../lab/list.ts';
import { listLabs } from '../lab/list-labs.ts';
import { paintFor, tell } from './terminal.ts';

/** The labs that a verb may mean; what cannot be known is said on stderr. */
export const findLabs = (): Promise<LabRecord[]> =>
  listLabs((text) => tell(`${paintFor(process.stderr).bad('warning')}: ${text}`));
