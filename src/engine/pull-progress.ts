// A pull's many lines, one or more a layer, as one that grows. Pure.

/** One line of the engine's answer to POST /images/create. */
export interface PullLine {
  /** The layer. */
  readonly id: string;
  /** `Downloading`, `Pull complete`, … */
  readonly status: string;
  /** Bytes; 0 when not said. */
  readonly current: number;
  readonly total: number;
}

/** Takes the lines as they come and gives the line to show: `pulling nginx:1.27 12.3 of 54.0 MB`. */
export function createPullProgress(name: string): (line: PullLine) => string {
  const layers = new Map<string, { current: number; total: number }>();
  return ({ id, status, current, total }) => {
    const layer = layers.get(id);
    if (status === 'Downloading' && total > 0) layers.set(id, { current, total });
    else if (layer && /^(Download|Pull) complete$|^Verifying|^Extracting/.test(status))
      layer.current = layer.total;
    let done = 0;
    let all = 0;
    for (const each of layers.values()) {
      done += each.current;
      all += each.total;
    }
    return all === 0
      ? `pulling ${name}`
      : `pulling ${name} ${megabytes(done)} of ${megabytes(all)} MB`;
  };
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
