/** What badges say. */
import { describe, expect, test } from 'vitest';

import type { Known } from '../../src/cells/badge';
import { badgesOf, isOutdated, namesIn, outdatedMark, unknownMark } from '../../src/cells/badge';
import { textDigest } from '../../src/cells/digest';
import { Standing } from '../../src/kernel/standing';
import type { AssetState, State } from '../../src/protocol';

const TEXT = '%%asset orders\n[1, 2]';

function asset(key: string, told: Partial<AssetState> = {}): AssetState {
  return { key, state: 'fresh', why: '', flags: [], seconds: 1.5, checks: [], inputs: [], ...told };
}

function known(told: Partial<State> = {}, status: Known['status'] = 'ready'): Known {
  const standing = new Standing();
  standing.take({
    type: 'state',
    number: 1,
    whole: true,
    assets: [asset('orders')],
    cells: [{ id: 'one', digest: textDigest(TEXT), assets: ['orders'], checks: [] }],
    goneassets: [],
    gonecells: [],
    outdated: [],
    madewith: [],
    runs: [],
    ...told
  });
  return { status, problem: '', standing };
}

describe('the names in a header', () => {
  test.each([
    ['%%asset orders', ['orders']],
    ['  %%asset raw/flights --group raw\n1', ['raw/flights']],
    ['%%multi_asset a b --can-subset\n', ['a', 'b']],
    ['%%asset_check many --asset orders', ['many']],
    ['%%asset "quoted name"', ['quoted name']],
    ['%%op add(x, y)', []],
    ['%%assets orders', []],
    ['print("%%asset orders")', []],
    ['', []]
  ])('%j defines %j', (text, names) => {
    expect(namesIn(text)).toEqual(names);
  });
});

test('a registered cell shows the state of its asset', () => {
  const [badge] = badgesOf('one', TEXT, known());
  expect(badge).toMatchObject({ name: 'orders', word: 'fresh', sign: '✓', seconds: 1.5 });
});

test('a badge says what is to be known besides', () => {
  const told = known({ assets: [asset('orders', { flags: ['pinned', 'weak'] })] });
  expect(badgesOf('one', TEXT, told)[0]?.notes).toEqual(['pinned', 'as far as seen']);
});

test('an edited cell is not registered, and says how it stood', () => {
  const [badge] = badgesOf('one', `${TEXT} `, known());
  expect(badge?.word).toBe('edited, not registered');
  expect(badge?.why).toContain('fresh');
});

test('the edit of a name is an edit', () => {
  expect(badgesOf('one', '%%asset sales\n1', known())).toMatchObject([
    { name: 'sales', word: 'edited, not registered', asset: null }
  ]);
});

test('a copy says that another cell defines the asset', () => {
  expect(badgesOf('copy', TEXT, known())[0]?.word).toBe('defined in another cell');
});

test('a new cell is not registered', () => {
  expect(badgesOf('new', '%%asset sales', known())[0]?.word).toBe('not registered');
});

test('without a kernel nothing is connected', () => {
  expect(badgesOf('one', TEXT, known({}, 'absent'))[0]?.word).toBe('not connected');
});

test('an ordinary cell has no badge', () => {
  expect(badgesOf('two', 'x = 1', known())).toEqual([]);
});

test('a cell that defines by decorators has a badge for each asset', () => {
  const text = '@asset\ndef orders(): ...';
  const told = { cells: [{ id: 'one', digest: textDigest(text), assets: ['orders'], checks: [] }] };
  expect(badgesOf('one', text, known(told))).toMatchObject([{ name: 'orders', word: 'fresh' }]);
});

test('a check shows its verdict, and its asset the check', () => {
  const checks = [{ name: 'many', verdict: 'failed', note: '3 failing rows' }] as const;
  const cells = [{ id: 'two', digest: textDigest('c'), assets: [], checks: ['orders.many'] }];
  const told = known({ assets: [asset('orders', { checks })], cells });
  expect(badgesOf('two', 'c', told)).toMatchObject([
    { name: 'orders.many', asset: 'orders', word: 'failed', sign: '✗', why: '3 failing rows' }
  ]);
});

describe('a cell that ran with other values than there are now', () => {
  test.each([
    [['orders'], [], 'ran before orders changed'],
    [['a', 'b'], ['c'], 'ran before 2 assets changed'],
    [[], ['orders'], 'reads orders, stale by now']
  ])('of earlier %j and of stale %j', (earlier, stale, text) => {
    const told = known({ outdated: [{ cell: 'two', earlier, stale }] });
    expect(outdatedMark('two', told)?.text).toBe(text);
    expect([isOutdated('two', told), isOutdated('one', told)]).toEqual([true, false]);
  });

  test('says of a stale asset of its own nothing more than the badge', () => {
    const told = known({ outdated: [{ cell: 'one', earlier: [], stale: ['orders'] }] });
    expect(isOutdated('one', told)).toBe(true);
    expect(outdatedMark('one', told)).toBeNull();
  });
});

describe('a cell with outputs of an earlier kernel', () => {
  test('is doubted where nobody knows what they come from', () => {
    const mark = unknownMark('new', '%%asset sales', known());
    expect(mark).toMatchObject({ text: 'not run since dagbook was loaded', quiet: true });
  });

  test.each([
    ['the versions are known', 'new', '%%asset sales', 'ready'],
    ['it is an ordinary cell', 'other', 'x = 1', 'ready'],
    ['nothing is connected', 'other', '%%asset sales', 'absent']
  ] as const)('is not where %s', (_, id, text, status) => {
    const madewith = [{ cell: 'new', assets: ['sales'], versions: ['1'] }];
    expect(unknownMark(id, text, known({ madewith }, status))).toBeNull();
  });

  test('stays outdated until another kernel tells of it', () => {
    const told = known({ outdated: [{ cell: 'two', earlier: ['orders'], stale: [] }] }, 'absent');
    told.standing.clear();
    expect(isOutdated('two', told)).toBe(true);
    expect(outdatedMark('two', told)?.text).toBe('ran before orders changed');
  });
});
