// schemas/scenario.schema.json → docs/reference/scenario.md: every key with its type, meaning and example.
import { loadSchema, runtimeSchema, writeGenerated } from './schema.js';

const schema = runtimeSchema(loadSchema());
const nameOf = (ref) => ref.replace('#/$defs/', '');
const TYPE_WORDS = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'true or false',
  object: 'map',
  array: 'list',
  null: 'null',
};

/** A definition with keys of its own gets a section; any other is described where it is used. */
const hasSection = (part) => part.properties !== undefined;
const target = (part) => (part.$ref === undefined ? part : schema.$defs[nameOf(part.$ref)]);
const link = (name) => `[${name}](#${name.toLowerCase()})`;

function typeOf(part) {
  const own = target(part);
  const type = part.$ref !== undefined && hasSection(own) ? sectionType(own, part) : plainType(own);
  return type;
}

function sectionType(own, part) {
  const text = [own.type].flat().filter((name) => name !== 'object');
  return [...text.map((name) => TYPE_WORDS[name]), link(nameOf(part.$ref))].join(' or ');
}

function plainType(part) {
  if (part.enum !== undefined) return part.enum.map((value) => `\`${value}\``).join(', ');
  if (part.const !== undefined) return `\`${part.const}\``;
  return [part.type]
    .flat()
    .map((name) => nested(name, part))
    .join(' or ');
}

function nested(name, part) {
  if (name === 'array' && part.items !== undefined) return `list of ${typeOf(part.items)}`;
  if (name === 'object' && typeof part.additionalProperties === 'object')
    return `map to ${typeOf(part.additionalProperties)}`;
  return TYPE_WORDS[name] ?? String(name);
}

function limits({ minimum, maximum }) {
  if (minimum === undefined && maximum === undefined) return '';
  if (maximum === undefined) return `, at least ${minimum}`;
  return minimum === undefined ? `, at most ${maximum}` : `, ${minimum} to ${maximum}`;
}

const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
/** A name in angle brackets is no tag. */
const prose = (text) => cell(text).replaceAll('<', '&lt;');
const code = (value) =>
  `\`${(typeof value === 'string' ? value : JSON.stringify(value)).replaceAll('`', "'")}\``;

function table(part) {
  const rows = Object.entries(part.properties).map(([key, item]) => {
    const must = part.required?.includes(key) ? ' **needed**' : '';
    const examples = (item.examples ?? target(item).examples ?? []).map(code).join(' ');
    const meaning = item.description ?? target(item).description ?? '';
    const type = `${typeOf(item)}${limits(target(item))}`;
    return `| \`${key}\`${must} | ${cell(type)} | ${prose(meaning)} | ${cell(examples)} |`;
  });
  return ['| key | value | meaning | for example |', '|---|---|---|---|', ...rows].join('\n');
}

/** Maps written in place, such as an action's, get a section named after their key. */
function inline(part, name) {
  return Object.entries(part.properties ?? {})
    .filter(([, item]) => item.$ref === undefined && item.properties !== undefined)
    .flatMap(([key, item]) => section(`${name}.${key}`, item));
}

function section(name, part) {
  if (Object.keys(part.properties).length === 0) return [];
  if (part.description === undefined) throw new Error(`The schema does not describe "${name}"`);
  return [`## ${name}\n\n${part.description}\n\n${table(part)}\n`, ...inline(part, name)];
}

const sections = Object.entries(schema.$defs)
  .filter(([, part]) => hasSection(part))
  .flatMap(([name, part]) => section(name, part));

const quantities = ['duration', 'rate', 'size', 'percentage', 'range']
  .map((name) => {
    const { description, examples } = schema.$defs[name];
    return `- **${name}**: ${description} ${examples.map(code).join(' ')}`;
  })
  .join('\n');

writeGenerated(
  'docs/reference/scenario.md',
  `<!-- Generated from schemas/scenario.schema.json by infra/schema-docs.js: change the schema instead. -->
# The scenario format, version 1

${schema.description} Any value may be \`\${params.name}\`; a text that is nothing else takes on the
parameter's type, and \`$\${\` stands for a literal \`\${\`. A part whose \`when\` is false is left out.

## Top level

${table(schema)}

## Quantities

${quantities}

${sections.join('\n')}`,
);
