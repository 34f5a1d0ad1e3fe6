import type { Context } from '../context.ts';
import type { Resolved } from '../resolve/scenario.ts';

/** One check of a scenario that has been resolved: it reports, and changes nothing. */
export type Rule = (context: Context, resolved: Resolved) => void;
