// What the scripts that read schemas/*.schema.json share.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

export const loadSchema = (name = 'scenario') =>
  JSON.parse(readFileSync(`schemas/${name}.schema.json`, 'utf8'));

/**
 * The schema as the compiler checks it: parameters are filled in and a lone part is made a list of one before, so those
 * alternatives, which are there for editors, fall away.
 */
export function runtimeSchema(schema) {
  if (Array.isArray(schema)) return schema.map(runtimeSchema);
  if (schema === null || typeof schema !== 'object') return schema;
  const { anyOf, ...rest } = schema;
  const kept = anyOf?.filter((item) => item.$ref !== '#/$defs/interpolation');
  const chosen = kept?.find((item) => item.type === 'array') ?? kept?.[0];
  return Object.fromEntries(
    Object.entries({ ...chosen, ...rest }).map(([key, value]) => [key, runtimeSchema(value)]),
  );
}

/** Without what is there for people; `$ref`s stay alone so that equal parts are one part. */
export function withoutAnnotations(schema, dropped = ['description', 'examples', 'default']) {
  if (Array.isArray(schema)) return schema.map((item) => withoutAnnotations(item, dropped));
  if (schema === null || typeof schema !== 'object') return schema;
  if (typeof schema.$ref === 'string') return { $ref: schema.$ref };
  const isMapOfSchemas = (key) => key === 'properties' || key === '$defs';
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key]) => !dropped.includes(key))
      .map(([key, value]) => [
        key,
        isMapOfSchemas(key)
          ? Object.fromEntries(
              Object.entries(value).map(([name, item]) => [
                name,
                withoutAnnotations(item, dropped),
              ]),
            )
          : withoutAnnotations(value, dropped),
      ]),
  );
}

/** Each definition's name as its title, by which faults know what they are about. */
export const withTitles = (schema) => ({
  ...schema,
  $defs: Object.fromEntries(
    Object.entries(schema.$defs).map(([name, value]) => [name, { title: name, ...value }]),
  ),
});

/** Writes a generated file; with `--check`, only says whether it is fresh. */
export function writeGenerated(file, text) {
  if (!process.argv.includes('--check')) return writeFileSync(file, text);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return undefined;
  console.error(`${file} is not what the schema gives: run "node ${process.argv[1]}"`);
  process.exitCode = 1;
  return undefined;
}
