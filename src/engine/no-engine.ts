/** Why there is no engine to talk to, and what to do about it. */
export interface NoEngine {
  readonly message: string;
  readonly help: string;
}
