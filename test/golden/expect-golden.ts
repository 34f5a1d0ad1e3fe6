import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';

/** Compares with the golden file; `UPDATE_GOLDEN=1` writes it instead, for its diff to be reviewed. */
export function expectGolden(path: string, found: string): void {
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, found);
  else expect(found).to.equal(existsSync(path) ? readFileSync(path, 'utf8') : '');
}
