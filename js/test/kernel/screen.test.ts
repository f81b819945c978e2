/** What is kept with a cell of the versions that its outputs come from, and of how these stand. */
import { expect, test } from 'vitest';

import { keptIn, metadataOf, together } from '../../src/kernel/screen';

const KEPT = { made_with: { orders: '1' }, execution_count: 2 };

test('what was kept of a run is read again', () => {
  const kept = { versions: new Map([['orders', '1']]), earlier: ['orders'], stale: [] };
  expect(keptIn(KEPT, 2)).toEqual({ ...kept, earlier: [] });
  expect(metadataOf({ ...kept, earlier: [] }, 2)).toEqual(KEPT);
  expect(keptIn(metadataOf(kept, 2), 2)).toEqual(kept);
});

test('what was kept of another run says nothing', () => {
  expect(keptIn(KEPT, 3)).toBeNull();
});

test.each([
  [undefined],
  ['text'],
  [{}],
  [{ ...KEPT, made_with: [] }],
  [{ ...KEPT, made_with: { orders: 1 } }]
])('%j is none of ours', metadata => {
  expect(keptIn(metadata, 2)).toBeNull();
});

test('what is no list of names is no list of stale assets', () => {
  expect(keptIn({ ...KEPT, stale: 'orders', earlier: [1, 'orders'] }, 2)).toMatchObject({
    stale: [],
    earlier: ['orders']
  });
});

test('notebooks on one kernel tell together what they show', () => {
  const one = { cell: 'a', assets: ['x'], versions: ['1'] };
  const two = { ...one, cell: 'b' };
  const stale = (cell: string) => ({ cell, earlier: [], stale: ['x'] });
  const screens = [
    { madeWith: [one], outdated: [stale('a')] },
    { madeWith: [two], outdated: [stale('b')] }
  ];
  expect(together(screens)).toEqual({ madewith: [one, two], stale: ['x'] });
});
