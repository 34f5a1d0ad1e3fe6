import type { SchemaCheck } from './schema-fault.ts';

/** Of a scenario file. */
export const validate: SchemaCheck;
