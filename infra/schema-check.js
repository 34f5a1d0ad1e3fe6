// schemas/*.schema.json → src/scenario/*schema-check.js: the checks as plain code, so that a run starts without ajv.
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

/** Of a protocol there are no parameters to be filled in. */
const CHECKS = [
  ['scenario', 'src/scenario/schema-check.js', runtimeSchema],
  ['protocol', 'src/scenario/protocol-schema-check.js', (schema) => schema],
];

for (const [name, file, atRun] of CHECKS) {
  const ajv = new Ajv.default({
    allErrors: true,
    verbose: true,
    strict: true,
    allowUnionTypes: true,
    strictRequired: false,
    unicodeRegExp: true,
    code: { source: true, esm: true },
  });
  const schema = withTitles(withoutAnnotations(atRun(loadSchema(name))));
  const { code } = await transform(standalone.default(ajv, ajv.compile(schema)), {
    format: 'esm',
    minify: true,
  });
  const banner = `// Generated from schemas/${name}.schema.json by infra/schema-check.js: change the schema instead.\n`;
  writeGenerated(file, banner + code);
}
