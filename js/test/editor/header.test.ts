/** What the editor reads in the first lines of a cell. */
import { expect, test } from 'vitest';

import { headerOf } from '../../src/editor/header';

/** The pieces of a header as `Part text`. */
function read(text: string): string[] {
  return (headerOf(text)?.pieces ?? []).map(
    ({ part, from, to }) => `${part} ${text.slice(from, to).trimEnd()}`
  );
}

test.each([
  'orders = 1',
  '%%time\norders',
  '%%assets x',
  '%%asset_checks x',
  'x = "%%asset"',
  '%asset a',
  '# note\n%%asset a',
  ''
])('%j is no cell of ours', text => {
  expect(headerOf(text)).toBeNull();
});

test.each(['asset', 'multi_asset', 'graph_asset', 'graph_multi_asset', 'op', 'asset_check'])(
  'a cell under %%%%%s is one of ours, also below empty lines',
  magic => {
    expect(headerOf(`%%${magic} a\n1`)?.magic).toBe(magic);
    expect(headerOf(`\n\n%%${magic} a\n1`)?.magic).toBe(magic);
  }
);

test('a header is read as magic, names, options, texts and a note', () => {
  expect(read(`%%asset a --deps b,c --description "it's # good" # note\n1`)).toEqual([
    'Magic %%asset',
    'Name a',
    'Option --deps',
    'Name b,c',
    'Option --description',
    `Text "it's # good"`,
    'Note # note'
  ]);
});

test('a quote that is never closed ends with its line', () => {
  expect(read(`%%asset a --description 'half\nx = 1`)).toEqual([
    'Magic %%asset',
    'Name a',
    'Option --description',
    `Text 'half`
  ]);
});

test.each([
  ['%%asset a --sql\nselect 1', true, 'select 1'],
  ['%%asset a\n#| sql: true\nselect 1', true, 'select 1'],
  ['%%asset a\n#| group: g\n\n#| sql: true\nselect 1', true, 'select 1'],
  ['%%asset a\n #| sql: true\nx', false, ' #| sql: true\nx'],
  ['%%asset a\n#| sql\nselect 1', true, 'select 1'],
  ['%%asset a\n#| sql: false\nx', false, 'x'],
  ['%%asset a --description "--sql"\nx', false, 'x'],
  ['%%asset a # --sql\nx', false, 'x'],
  ['%%asset a --sqlite\nx', false, 'x'],
  ['%%asset a --sql', true, ''],
  ['%%asset a\n#| group: g\n#| kind: k\nx', false, 'x']
])('%j: SQL is %s, and the body is %j', (text, sql, body) => {
  const header = headerOf(text);
  expect(header?.sql).toBe(sql);
  expect(text.slice(header?.end)).toBe(body);
});

test('a line of 100,000 words or quotes is read', () => {
  expect(headerOf(`%%asset ${'a '.repeat(100_000)}`)?.pieces).toHaveLength(100_001);
  expect(headerOf(`%%asset ${'"'.repeat(100_001)}`)?.pieces).toHaveLength(2);
});
