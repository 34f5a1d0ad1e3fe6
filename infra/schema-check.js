// schemas/scenario.schema.json → src/scenario/schema-check.js: the check as plain code, so that a run starts without ajv.
import Ajv from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';
import { transform } from 'esbuild';
import {
  loadSchema,
  runtimeSchema,
  withTitles,
  withoutAnnotations,
  writeGenerated,
} from './schema.js';

const ajv = new Ajv.default({
  allErrors: true,
  verbose: true,
  strict: true,
  allowUnionTypes: true,
  strictRequired: false,
  unicodeRegExp: true,
  code: { source: true, esm: true },
});
const { code } = await transform(
  standalone.default(ajv, ajv.compile(withTitles(withoutAnnotations(runtimeSchema(loadSchema()))))),
  {
    format: 'esm',
    minify: true,
  },
);
const banner =
  '// Generated from schemas/scenario.schema.json by infra/schema-check.js: change the schema instead.\n';
writeGenerated('src/scenario/schema-check.js', banner + code);
