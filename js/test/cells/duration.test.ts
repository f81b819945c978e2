/** Durations in words. */
import { expect, test } from 'vitest';

import { duration } from '../../src/cells/duration';

test.each([
  [0.0001, '< 10 ms'],
  [0.34, '340 ms'],
  [1.24, '1.2 s'],
  [59.4, '59 s'],
  [59.7, '1 min 0 s'],
  [185, '3 min 5 s'],
  [7800, '2 h 10 min']
])('%d seconds are %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});
