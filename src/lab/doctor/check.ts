/** One thing that runner needs of a machine, and whether it is there. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** `always`, or `when` something is asked for. */
  readonly needed: 'always' | `when ${string}`;
  /** What was found, in a few words. */
  readonly found: string;
  /** The command or change that mends it. */
  readonly help?: string;
}
