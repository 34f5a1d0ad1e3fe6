/** What of its censor a program's desk goes by. */
export interface DeskOptions {
  readonly censor: string;
  readonly position: 'in-path' | 'on-path';
  readonly onError: 'pass' | 'drop';
  readonly seed: number;
}
