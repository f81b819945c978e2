/** How a notebook stands, put together from messages. */
import { expect, test } from 'vitest';

import { Standing } from '../../src/kernel/standing';
import type { AssetState, State } from '../../src/protocol';

function asset(key: string): AssetState {
  return { key, state: 'fresh', why: '', flags: [], seconds: null, checks: [], inputs: [] };
}

function state(told: Partial<State>): State {
  const nothing = {
    assets: [],
    cells: [],
    goneassets: [],
    gonecells: [],
    outdated: null,
    madewith: [],
    runs: []
  };
  return { type: 'state', number: 1, whole: false, ...nothing, ...told };
}

test('a message changes what it tells and leaves the rest', () => {
  const standing = new Standing();
  standing.take(state({ whole: true, assets: [asset('a'), asset('b')] }));
  const changed = standing.take(state({ number: 2, assets: [asset('c')], goneassets: ['a'] }));
  expect([...standing.assets.keys()]).toEqual(['b', 'c']);
  expect([...changed.assets].sort()).toEqual(['a', 'c']);
});

test('a whole message replaces everything', () => {
  const standing = new Standing();
  standing.take(state({ whole: true, assets: [asset('a')] }));
  const changed = standing.take(state({ number: 7, whole: true, assets: [asset('b')] }));
  expect([...standing.assets.keys()]).toEqual(['b']);
  expect([...changed.assets].sort()).toEqual(['a', 'b']);
});

test('a message that was missed is noticed', () => {
  const standing = new Standing();
  standing.take(state({ whole: true, number: 4 }));
  expect(standing.follows(state({ number: 5 }))).toBe(true);
  expect(standing.follows(state({ number: 6 }))).toBe(false);
  expect(standing.follows(state({ number: 6, whole: true }))).toBe(true);
});

test('the cell of an asset is found', () => {
  const standing = new Standing();
  const cell = { id: 'one', digest: '', assets: ['a'], checks: [] };
  standing.take(state({ whole: true, cells: [cell] }));
  expect(standing.cellOf('a')).toBe(cell);
  expect(standing.cellOf('b')).toBeUndefined();
  standing.take(state({ number: 2, cells: [{ ...cell, assets: ['b'] }] }));
  expect(standing.cellOf('a')).toBeUndefined();
  expect(standing.cellOf('b')?.id).toBe('one');
});

test('cells are outdated until a message says otherwise', () => {
  const standing = new Standing();
  const outdated = [{ cell: 'one', earlier: ['a'], stale: [] }];
  standing.take(state({ whole: true, outdated }));
  standing.take(state({ number: 2 }));
  expect(standing.outdated.get('one')?.earlier).toEqual(['a']);
  const changed = standing.take(state({ number: 3, outdated: [] }));
  expect(standing.outdated.size).toBe(0);
  expect([...changed.cells]).toEqual(['one']);
});

test('what cells come from is told anew of those that ran', () => {
  const standing = new Standing();
  const one = { cell: 'one', assets: ['a'], versions: ['1'] };
  standing.take(state({ whole: true, madewith: [one, { ...one, cell: 'two' }] }));
  const changed = standing.take(state({ number: 2, madewith: [{ ...one, versions: ['2'] }] }));
  expect([...changed.cells]).toEqual(['one']);
  expect([...standing.madeWith.values()].map(each => each.versions)).toEqual([['2'], ['1']]);
});

test('what was outdated before counts until a kernel knows what the cell comes from', () => {
  const standing = new Standing();
  const one = { cell: 'one', earlier: ['a'], stale: [] };
  standing.recall([one]);
  standing.take(state({ whole: true, outdated: [{ ...one, cell: 'two' }] }));
  expect(standing.outdatedOf('one')).toEqual(one);
  standing.clear();
  standing.take(state({ whole: true, outdated: [] }));
  expect(standing.outdatedOf('two')?.earlier).toEqual(['a']);
  const madewith = ['one', 'two'].map(cell => ({ cell, assets: [], versions: [] }));
  standing.take(state({ number: 2, madewith }));
  standing.clear();
  expect([standing.outdatedOf('one'), standing.outdatedOf('two')]).toEqual([undefined, undefined]);
});

test('what another page has run is outdated here, whatever the kernel says of the cell', () => {
  const standing = new Standing();
  standing.elsewhere.set('one', { cell: 'one', earlier: ['a'], stale: [] });
  standing.take(state({ whole: true, outdated: [] }));
  expect(standing.outdatedOf('one')?.earlier).toEqual(['a']);
});
