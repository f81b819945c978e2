/** Which words of an asset's cell are coloured as what. */
import { pythonLanguage } from '@codemirror/lang-python';
import { StandardSQL } from '@codemirror/lang-sql';
import { syntaxTree } from '@codemirror/language';
import { EditorState } from '@codemirror/state';
import { tagHighlighter, highlightTree, tags } from '@lezer/highlight';
import { expect, test } from 'vitest';

import { assetLanguage } from '../../src/editor/language';

const language = assetLanguage(pythonLanguage.parser, StandardSQL.language.parser);

const coloured = tagHighlighter(
  (['keyword', 'string', 'number', 'comment', 'meta'] as const).map(name => ({
    tag: tags[name],
    class: name
  }))
);

function colours(text: string): string[] {
  const found: string[] = [];
  highlightTree(language.parser.parse(text), coloured, (from, to, style) => {
    found.push(`${style} ${text.slice(from, to)}`);
  });
  return found;
}

test('the body of an asset is Python, whatever its header holds', () => {
  expect(colours(`%%asset a --description 'half (\nreturn 12  # twelve`)).toEqual([
    'keyword %%asset',
    'meta --description',
    `string 'half (`,
    'keyword return',
    'number 12',
    'comment # twelve'
  ]);
});

test('the body of an asset in SQL is SQL', () => {
  expect(colours(`%%asset a --sql\nselect 'x' from b -- all`)).toEqual([
    'keyword %%asset',
    'meta --sql',
    'keyword select',
    `string 'x'`,
    'keyword from',
    'comment -- all'
  ]);
});

test('an edit of the header changes how the body is read', () => {
  const doc = '%%asset a\nselect 1';
  const python = EditorState.create({ doc, extensions: language.extension });
  const sql = python.update({ changes: { from: 9, insert: ' --sql' } }).state;
  const body = (state: EditorState) => syntaxTree(state).topNode.lastChild?.firstChild?.name;
  expect([body(python), body(sql)]).toEqual(['ExpressionStatement', 'Statement']);
});

test('comments and indentation are those of the body', () => {
  const text = '%%asset a\nif x:\n    y';
  const state = EditorState.create({ doc: text, extensions: language.extension });
  expect(state.languageDataAt('commentTokens', text.length)).toEqual([{ line: '#' }]);
  const sql = EditorState.create({
    doc: '%%asset a --sql\nselect 1',
    extensions: language.extension
  });
  expect(sql.languageDataAt('commentTokens', 20)).toEqual([
    { line: '--', block: { open: '/*', close: '*/' } }
  ]);
});
