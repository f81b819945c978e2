// @vitest-environment jsdom
/** When an editor reads its text as an asset's cell. */
import { pythonLanguage } from '@codemirror/lang-python';
import { StandardSQL } from '@codemirror/lang-sql';
import { language } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { expect, test } from 'vitest';

import { assetLanguage } from '../../src/editor/language';
import { languageSwitch } from '../../src/editor/switching';

const ours = assetLanguage(pythonLanguage.parser, StandardSQL.language.parser);

async function opened(doc: string): Promise<EditorView> {
  const extensions = [pythonLanguage.extension, languageSwitch(Promise.resolve(ours))(doc)];
  const view = new EditorView({ doc, extensions });
  await Promise.resolve();
  await Promise.resolve();
  return view;
}

const named = (view: EditorView) => view.state.facet(language)?.name;

test('a cell that defines an asset is read by our language, another by the one it had', async () => {
  expect(named(await opened('%%asset a\n1'))).toBe('dagbook');
  expect(named(await opened('a = 1'))).toBe('python');
});

test('an edit of the first line changes the language, both ways', async () => {
  const view = await opened('a = 1');
  view.dispatch({ changes: { from: 0, insert: '%%asset a\n' } });
  expect(named(view)).toBe('dagbook');
  view.dispatch({ changes: { from: 0, to: 1 } });
  expect(named(view)).toBe('python');
});

test('an editor that closes before the parsers have loaded is left alone', async () => {
  let give: (language: typeof ours) => void = () => undefined;
  const late = new Promise<typeof ours>(resolve => {
    give = resolve;
  });
  const view = new EditorView({ doc: '%%asset a', extensions: languageSwitch(late)('%%asset a') });
  view.destroy();
  give(ours);
  await late;
  expect(named(view)).toBeUndefined();
});

test('once the parsers have loaded an editor begins with the language of its text', async () => {
  const switched = languageSwitch(Promise.resolve(ours));
  await Promise.resolve();
  for (const [doc, name] of [
    ['%%asset a\n1', 'dagbook'],
    ['a = 1', 'python']
  ] as const) {
    const extensions = [pythonLanguage.extension, switched(doc)];
    const view = new EditorView({ doc, extensions });
    expect(named(view)).toBe(name);
    view.dispatch({ changes: { from: 0, insert: '%%asset b\n' } });
    expect(named(view)).toBe('dagbook');
  }
});
