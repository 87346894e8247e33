import { expect, test } from '@jest/globals';
import { junit } from '../../src/report/junit.ts';

test('what passed, what failed and what was not played are told apart', () => {
  const run = { file: 'a.yaml', steps: [], hits: [], tookMs: 1_500 };
  const xml = junit([
    { ...run, name: 'good', failures: [] },
    { ...run, name: 'bad', failures: ['a < b', 'more'] },
    { ...run, name: 'elsewhere', failures: [], skipped: 'it cannot' },
  ]);
  expect(xml).toMatch('tests="3" failures="1" skipped="1"');
  expect(xml).toMatch(/name="good" classname="a.yaml" time="1.500"\/>/);
  expect(xml).toMatch(/name="bad"[^>]*>\s*<failure message="a &#60; b">a &#60; b&#10;more<\/failure>/);
  expect(xml).toMatch(/name="elsewhere"[^>]*>\s*<skipped message="it cannot"\/>/);
});
