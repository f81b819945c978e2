/** Gives a cell's editor our language while its text is that of an asset's cell, and only then. */
import type { Language } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { Compartment, EditorState, Prec } from '@codemirror/state';
import { ViewPlugin } from '@codemirror/view';

import { headerOf } from './header';

// The first line decides; this much of the text holds it, however long the cell is.
const OPENING = 200;

function isAssetCell(opening: string): boolean {
  return headerOf(opening) !== null;
}

function openingOf(state: EditorState): string {
  return state.doc.sliceString(0, OPENING);
}

/** The extension for one editor; `language` comes when the parsers of the bodies have loaded. */
export function switchedLanguage(language: Promise<Language>): Extension {
  const compartment = new Compartment();
  let loaded: Language | null = null;
  const chosen = (wanted: boolean): Extension =>
    wanted && loaded !== null ? Prec.highest(loaded.extension) : [];

  const follow = EditorState.transactionExtender.of(transaction => {
    if (!transaction.docChanged) {
      return null;
    }
    const wanted = isAssetCell(transaction.newDoc.sliceString(0, OPENING));
    return wanted === isAssetCell(openingOf(transaction.startState))
      ? null
      : { effects: compartment.reconfigure(chosen(wanted)) };
  });

  const begin = ViewPlugin.define(view => {
    let open = true;
    void language.then(ready => {
      loaded = ready;
      if (open && isAssetCell(openingOf(view.state))) {
        view.dispatch({ effects: compartment.reconfigure(chosen(true)) });
      }
    });
    return {
      destroy: () => {
        open = false;
      }
    };
  });

  return [compartment.of([]), follow, begin];
}
