import { expect } from 'chai';
import { pathFrom, resolvePath } from '../../../src/scenario/source/resolve-path.ts';

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

describe('pathFrom()', () => {
  for (const [file, path, from] of [
    ['lab.yaml', 'site', 'site'],
    ['a/lab.yaml', 'a/parts/site', 'parts/site'],
    ['a/lab.yaml', 'b/site', '../b/site'],
    ['a/b/lab.yaml', 'a/b', '.'],
    ['../lab.yaml', '../site', 'site'],
    ['/a/lab.yaml', '/a/site', 'site'],
    ['/a/lab.yaml', '/b/site', '../b/site'],
    ['lab.yaml', '/b/site', '/b/site'],
  ] as const)
    it(`leads from the folder of ${file} to ${path} by ${from}`, () => {
      expect(pathFrom(file, path)).to.equal(from);
    });
});
