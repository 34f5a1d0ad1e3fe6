import { dirname, join } from 'node:path';
import { existsSync, readFileSync } from 'node:fs';
import { Fault } from '../base/fault.ts';
import { fileURLToPath } from 'node:url';

/** The folder of the installed package, from wherever the bundler put this code. */
function packageRoot(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'schemas', 'scenario.schema.json'))) return folder;
    if (folder === dirname(folder))
      throw new Fault('machine', 'The files of runner are not complete: "schemas" is missing', {
        help: 'Install it again, or run "make build" in the checkout',
      });
  }
}

/** The built agent. */
export const agentFile = (): string => builtFile('agent.js');

/** The built player of one party by hand. */
export const aloneFile = (): string => builtFile('agent-alone.js');

/** The built carrier of a relay by hand. */
export const aloneRelayFile = (): string => builtFile('agent-alone-relay.js');

function builtFile(name: string): string {
  const path = join(packageRoot(), 'dist', name);
  if (!existsSync(path))
    throw new Fault('machine', `The agent is not built: "${path}" is missing`, {
      help: 'Run "make build" in the checkout',
    });
  return path;
}

/** Runner's own scenarios. */
export const scenariosFolder = (): string => join(packageRoot(), 'scenarios');

/** The descriptions of protocols. */
export const protocolsFolder = (): string => join(packageRoot(), 'schemas', 'protocols');

export const schemaText = (): string =>
  readFileSync(join(packageRoot(), 'schemas', 'scenario.schema.json'), 'utf8');
