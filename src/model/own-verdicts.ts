/** What every censor program may say of a packet, whatever actions its scenario gives it. */
export const OWN_VERDICTS: readonly string[] = ['pass', 'drop', 'reset'];
