import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fail, ok } from '../base/result.ts';
import type { ProtocolLibrary } from '../scenario/context.ts';
import { protocolsFolder } from './package-root.ts';
import { readText } from './read-text.ts';

const ENDING = '.yaml';

/** Runner's own descriptions of protocols, which relays name. */
export const protocols = (): ProtocolLibrary => ({
  get names() {
    return readdirSync(protocolsFolder())
      .filter((name) => name.endsWith(ENDING))
      .map((name) => name.slice(0, -ENDING.length))
      .sort();
  },
  read: (name) => {
    try {
      return ok(readText(join(protocolsFolder(), `${name}${ENDING}`)));
    } catch (error) {
      return fail(error instanceof Error ? error.message : String(error));
    }
  },
});
