/** Stands first in the arguments of a censor program written in JavaScript or TypeScript: the agent puts Node and its own host there. */
export const PROGRAM_HOST = 'netscenario-program';
