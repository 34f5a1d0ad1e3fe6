/** A fault of the schema in our words. */
export interface Explanation {
  readonly code: string;
  readonly message: string;
  readonly help?: string | undefined;
  /** Whether the key or its value is shown. */
  readonly at: 'key' | 'value';
}
