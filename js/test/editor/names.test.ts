/** Which words of a cell name an asset. */
import { pythonLanguage } from '@codemirror/lang-python';
import { StandardSQL } from '@codemirror/lang-sql';
import { EditorState } from '@codemirror/state';
import { expect, test } from 'vitest';

import { assetLanguage } from '../../src/editor/language';
import { keyNamed, wordAt } from '../../src/editor/names';

const language = assetLanguage(pythonLanguage.parser, StandardSQL.language.parser);

/** The word at the sign `|` of a text. */
function pointed(marked: string, extension = language.extension): string | undefined {
  const state = EditorState.create({ doc: marked.replace('|', ''), extensions: extension });
  return wordAt(state, marked.indexOf('|'))?.word;
}

test.each([
  ['%%asset a|b --deps raw/x\n1', 'ab'],
  ['%%asset ab --deps raw/|x\n1', 'raw/x'],
  ['%%asset ab --ins f=raw/|x,y\n1', 'raw/x'],
  ['%%asset a\nord|ers + 1', 'orders'],
  ['%%asset a --sql\nfrom ord|ers', 'orders'],
  ['%%asset a --sql\nfrom "ord|ers"', 'orders'],
  ['%%asset a --gr|oup x\n1', undefined],
  ['%%asset a\n"ord|ers"', undefined],
  ['%%asset a\n# ord|ers', undefined],
  ['%%asset a\nb.ord|ers', undefined],
  ["%%asset a --sql\nselect 'ord|ers'", undefined]
])('%j points at %j', (text, word) => {
  expect(pointed(text)).toBe(word);
});

test('in an ordinary cell, and after a line magic, names are found too', () => {
  expect(pointed('len(ord|ers)', pythonLanguage.extension)).toBe('orders');
  expect(pointed('%materialize +ord|ers', pythonLanguage.extension)).toBe('orders');
});

test.each([
  ['orders', ['orders', 'raw/orders'], 'orders'],
  ['orders', ['raw/orders'], 'raw/orders'],
  ['orders', ['raw/orders', 'web/orders'], null],
  ['order', ['orders'], null]
])('%j among %j is %j', (word, keys, key) => {
  expect(keyNamed(word, keys)).toBe(key);
});
