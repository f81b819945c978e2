/** What is kept with a cell of the versions that its outputs come from. */
import { expect, test } from 'vitest';

import { versionsIn } from '../../src/kernel/versions';

test('what was kept is read again', () => {
  expect(versionsIn({ made_with: { orders: '1' } })).toEqual(new Map([['orders', '1']]));
});

test.each([[undefined], ['text'], [{}], [{ made_with: [] }], [{ made_with: { orders: 1 } }]])(
  '%j is none of ours',
  metadata => {
    expect(versionsIn(metadata)).toBeNull();
  }
);
