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

/** Makes the extension for an editor of this text; `language` comes when the bodies' parsers have loaded. */
export function languageSwitch(language: Promise<Language>): (text: string) => Extension {
  let loaded: Language | null = null;
  void language.then(ready => {
    loaded = ready;
  });
  return text => switched(language, () => loaded, text);
}

function switched(
  language: Promise<Language>,
  loaded: () => Language | null,
  text: string
): Extension {
  const compartment = new Compartment();
  const chosen = (wanted: boolean): Extension => {
    const ready = loaded();
    return wanted && ready !== null ? Prec.highest(ready.extension) : [];
  };

  const follow = EditorState.transactionExtender.of(transaction => {
    if (!transaction.docChanged) {
      return null;
    }
    const wanted = isAssetCell(transaction.newDoc.sliceString(0, OPENING));
    return wanted === isAssetCell(openingOf(transaction.startState))
      ? null
      : { effects: compartment.reconfigure(chosen(wanted)) };
  });

  if (loaded() !== null) {
    // Right from the start: an editor that changes once more makes a page measure itself anew.
    return [compartment.of(chosen(isAssetCell(text.slice(0, OPENING)))), follow];
  }

  const begin = ViewPlugin.define(view => {
    let open = true;
    void language.then(() => {
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
