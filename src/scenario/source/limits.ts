/** What a scenario file may be at most, so that no file costs more than a moment. Ten times what real labs need. */
export const LIMITS = {
  /** Bytes of UTF-8 in one file. */
  fileBytes: 1_048_576,
  /** Maps and lists within each other. */
  depth: 64,
  /** Values in one file once aliases are followed. */
  values: 200_000,
  /** Aliases in one file. */
  aliases: 1000,
  /** Files that one scenario is made of. */
  files: 64,
} as const;
