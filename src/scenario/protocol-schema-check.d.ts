import type { SchemaCheck } from './schema-fault.ts';

/** Of a protocol file. */
export const validate: SchemaCheck;
