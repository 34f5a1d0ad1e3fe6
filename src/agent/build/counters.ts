export interface Count {
  readonly packets: number;
  readonly bytes: number;
}

/** What nft(8) prints of counters, by name: `counter leaked-wg0 { packets 12 bytes 3456 }`, over several lines. */
export const parseCounters = (text: string): ReadonlyMap<string, Count> =>
  new Map(
    Array.from(
      text.matchAll(/counter (\S+) \{\s*packets (\d+) bytes (\d+)/g),
      ([, name = '', packets, bytes]) => [name, { packets: Number(packets), bytes: Number(bytes) }],
    ),
  );
