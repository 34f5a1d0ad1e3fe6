// Ports for ends of raw channels that the file gives none: nobody else would.
import type { Traffic } from '../../../model/scenario-file.ts';

export interface Ports {
  /** A port that nothing in the file names, and nobody was given. */
  next(): number;
}

const FIRST = 50_000;

export function freePorts(traffic: readonly Traffic[]): Ports {
  const written = new Set(
    traffic
      .flatMap(({ between, to }) => [...(between ?? []).flat(), to ?? ''])
      .map((text) => Number(/:(\d+)$/.exec(text)?.[1])),
  );
  let port = FIRST;
  return {
    next: () => {
      while (written.has(port)) port += 1;
      port += 1;
      return port - 1;
    },
  };
}
