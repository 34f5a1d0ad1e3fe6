// schemas/scenario.schema.json → src/model/scenario-file.ts: the types of a scenario as written.
import { compile } from 'json-schema-to-typescript';
import { loadSchema, runtimeSchema, withoutAnnotations, writeGenerated } from './schema.js';

const text = await compile(
  withoutAnnotations(runtimeSchema(loadSchema()), ['examples', 'default', 'oneOf']),
  'ScenarioFile',
  {
    additionalProperties: false,
    bannerComment:
      '// Generated from schemas/scenario.schema.json by infra/schema-types.js: change the schema instead.',
    format: false,
    ignoreMinAndMaxItems: true,
    unreachableDefinitions: false,
  },
);
writeGenerated('src/model/scenario-file.ts', text);
