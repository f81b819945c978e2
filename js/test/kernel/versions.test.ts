/** What is kept with a cell of the versions that its outputs come from. */
import { expect, test } from 'vitest';

import { versionsIn } from '../../src/kernel/versions';

const KEPT = { made_with: { orders: '1' }, execution_count: 2 };

test('what was kept of a run is read again', () => {
  expect(versionsIn(KEPT, 2)).toEqual(new Map([['orders', '1']]));
});

test('what was kept of another run says nothing', () => {
  expect(versionsIn(KEPT, 3)).toBeNull();
});

test.each([
  [undefined],
  ['text'],
  [{}],
  [{ ...KEPT, made_with: [] }],
  [{ ...KEPT, made_with: { orders: 1 } }]
])('%j is none of ours', metadata => {
  expect(versionsIn(metadata, 2)).toBeNull();
});
