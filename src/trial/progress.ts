/** What a trial says while it runs; the command line decides how to show it. */
export interface Progress {
  /** A line of its own, such as what is about to run. */
  note(text: string): void;
  /** A phase such as `lab up` begins. */
  begin(title: string): void;
  /** How far it is, such as `2 of 3 flows`. */
  update(detail: string): void;
  /** It ended well; `detail` such as `0.21 s, rootless`. Null: not worth a line. */
  end(detail: string | null): void;
  /** It was cut off. */
  fail(): void;
  warn(text: string): void;
}
