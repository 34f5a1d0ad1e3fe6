/** What ajv says of one fault: https://ajv.js.org/api.html#error-objects */
export interface SchemaFault {
  /** JSON Pointer into the data: `/hosts/client`. */
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** The key at fault, when a key is. */
  readonly propertyName?: string;
  /** The schema that holds the keyword; `title` is the definition's name. */
  readonly parentSchema: Readonly<Record<string, unknown>>;
  readonly data: unknown;
}

/** Whether data is as a schema says; the faults are in `errors` until the next call. */
export type SchemaCheck = ((data: unknown) => boolean) & {
  readonly errors?: readonly SchemaFault[] | null;
};
