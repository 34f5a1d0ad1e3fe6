import { expect } from 'chai';
import { resolvePath } from '../../../src/scenario/source/resolve-path.ts';

const CASES: readonly (readonly [string, string, string])[] = [
  ['lab.yaml', 'base.yaml', 'base.yaml'],
  ['scenarios/lab.yaml', 'base.yaml', 'scenarios/base.yaml'],
  ['scenarios/lab.yaml', './parts/../base.yaml', 'scenarios/base.yaml'],
  ['scenarios/lab.yaml', '../../base.yaml', '../base.yaml'],
  ['/srv/lab.yaml', 'base.yaml', '/srv/base.yaml'],
  ['/srv/lab.yaml', '../../../base.yaml', '/base.yaml'],
  ['scenarios/lab.yaml', '/srv//base.yaml', '/srv/base.yaml'],
];

describe('resolvePath()', () => {
  for (const [file, path, wanted] of CASES)
    it(`finds ${path} from ${file} at ${wanted}`, () => {
      expect(resolvePath(file, path)).to.equal(wanted);
    });
});
