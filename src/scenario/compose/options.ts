import type { Result } from '../../base/result.ts';

/** Why a file cannot be read. */
export interface ReadFault {
  /** Whether there is no such file, as far as can be said. */
  readonly isAbsent: boolean;
  readonly message: string;
}

export interface ImportOptions {
  /** The current folder, absolute: what the paths of files are relative to. */
  readonly folder: string;
  /** The folder of the scenario, absolute: what paths in the outcome are relative to. */
  readonly outFolder: string;
  /** The runner's own variables. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Environment files in place of `.env`; the later win. */
  readonly envFiles: readonly string[];
  /** Profiles whose services are taken in; `*` stands for all. */
  readonly profiles: readonly string[];
  readonly readFile: (path: string) => Result<string, ReadFault>;
}
