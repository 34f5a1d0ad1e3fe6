import { EXIT } from '../../base/fault.ts';
import { print } from '../terminal.ts';
import { schemaText } from '../package-root.ts';

export function run(): Promise<number> {
  print(schemaText());
  return Promise.resolve(EXIT.ok);
}
