// A compose file (Compose Specification, and the v2 and v3 files before it) as a scenario's text: pure, top to bottom.
import type { Diagnostic } from '../../base/diagnostic.ts';
import { printable as escaped } from '../../base/printable.ts';
import { Faults } from '../faults.ts';
import { childOf } from '../source/tree.ts';
import { didYouMean } from '../suggest.ts';
import { type ComposeSource, type Project, ProjectLoader } from './load-project.ts';
import type { ImportOptions } from './options.ts';
import { folderOf, pathIn } from './paths.ts';
import { Reader } from './reader.ts';
import { reportIn } from './service/exposure.ts';
import { type ScenarioDraft, scenarioBlock } from './scenario-block.ts';
import { participants } from './take-part.ts';
import { printable, renderYaml } from '../write/render-yaml.ts';
import { type Entry, entry } from '../write/yaml-value.ts';

export interface ComposeImport {
  /** The scenario; absent when there is an error among the diagnostics. */
  readonly text?: string;
  /** Sorted by file, line and column; what a scenario cannot say is a warning. */
  readonly diagnostics: readonly Diagnostic[];
  /** The text of every file that was read, for showing the lines at fault. */
  readonly files: ReadonlyMap<string, string>;
}

const TOP_KEYS = new Set(
  'version name services networks volumes configs secrets include models'.split(' '),
);

/** Takes text, not a path: whatever else has to be read is read by `options.readFile`. */
export function importCompose(source: ComposeSource, options: ImportOptions): ComposeImport {
  const faults = new Faults();
  const loader = new ProjectLoader(options, faults);
  const project = loader.load(source);
  const text = project && textOf(project, source.file, loader, options, faults);
  const diagnostics = faults.sorted([...loader.files.keys()]).map((item) => ({
    ...item,
    message: escaped(item.message),
    ...(item.help === undefined ? {} : { help: escaped(item.help) }),
  }));
  if (text === undefined || faults.hasErrors) return { diagnostics, files: loader.files };
  return { text, diagnostics, files: loader.files };
}

function textOf(
  project: Project,
  file: string,
  loader: ProjectLoader,
  options: ImportOptions,
  faults: Faults,
): string | undefined {
  checkTopKeys(project, faults);
  if (project.sections.services.size === 0) {
    faults.add('C001', project.tree.span, 'The file has no services', {
      help: 'Write the services of a file without "version" under services:',
    });
    return undefined;
  }
  const services = participants(project, loader, options, faults);
  if (services.size === 0 && !faults.hasErrors)
    faults.add('C001', project.tree.span, 'No service takes part', {
      help: 'Name a profile: --profile NAME',
    });
  const name = nameOf(project, file, options, new Reader(faults));
  const head = printable(`# From ${file.slice(file.lastIndexOf('/') + 1)} by "runner import".`);
  const heading = [
    entry('version', 1),
    entry('name', name),
    entry(
      'description',
      `What ${file.slice(file.lastIndexOf('/') + 1)} describes on networks of the lab.`,
    ),
  ] satisfies readonly Entry[];
  for (const section of ['networks', 'volumes', 'configs', 'secrets'] as const)
    for (const { value } of project.sections[section].values())
      reportIn(value, false, loader, faults);
  const draft = scenarioBlock(project, services, heading, faults);
  return `${head}\n${renderYaml(draft.block)}${exampleText(draft)}`;
}

function checkTopKeys({ tree }: Project, faults: Faults): void {
  for (const [key, { keySpan }] of tree.entries) {
    if (key.startsWith('x-')) continue;
    if (key === 'models')
      faults.add('C020', keySpan, 'A scenario cannot say "models": it is left out', {
        severity: 'warning',
      });
    if (TOP_KEYS.has(key)) continue;
    faults.add('C009', keySpan, `A compose file has no key "${key}"`, {
      severity: 'warning',
      help: didYouMean(key, TOP_KEYS),
    });
  }
}

/** Its own name, else that of its folder, as results are called by it. */
function nameOf(project: Project, file: string, { folder }: ImportOptions, reader: Reader): string {
  const own = reader.text(childOf(project.tree, 'name'), 'name');
  const around = folderOf(pathIn(folder, file)).split('/').at(-1);
  const name = (own ?? around ?? '').replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, 63);
  return name.replace(/^[-_]+|[-_]+$/g, '') || 'compose';
}

function exampleText({ example }: ScenarioDraft): string {
  if (example === undefined) return '';
  const { from, to, port } = example;
  const command =
    port === undefined ? `[ping, -c, "1", ${to}]` : `[curl, -s, "http://${to}:${port}/"]`;
  return [
    '',
    '# Where to go on: what runs where, what is captured, what must come out.',
    '# traffic:',
    `#   - { name: first, from: ${from}, run: ${command} }`,
    `# captures: [${from}, ${to}]`,
    '# expect:',
    '#   - { flow: first, failure: null }',
    '',
  ].join('\n');
}
