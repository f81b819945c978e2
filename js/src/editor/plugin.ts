/** What the editor knows of asset cells: colours, completion, hover, underlines. */
import type { Language } from '@codemirror/language';
import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import {
  EditorExtensionRegistry,
  IEditorExtensionRegistry,
  IEditorLanguageRegistry
} from '@jupyterlab/codemirror';
import type { Parser } from '@lezer/common';

import { assetLanguage } from './language';
import { switchedLanguage } from './switching';

export const editor: JupyterFrontEndPlugin<void> = {
  id: 'dagbook:editor',
  description: 'Reads the cells of assets in the editor.',
  autoStart: true,
  requires: [IEditorExtensionRegistry, IEditorLanguageRegistry],
  activate: (_app, extensions: IEditorExtensionRegistry, languages: IEditorLanguageRegistry) => {
    const language = loadLanguage(languages);
    extensions.addExtension({
      name: 'dagbook:language',
      factory: ({ inline }) =>
        inline ? EditorExtensionRegistry.createImmutableExtension(switchedLanguage(language)) : null
    });
  }
};

/** JupyterLab's own parsers read the bodies, so that a body looks as it would in any other cell. */
async function loadLanguage(languages: IEditorLanguageRegistry): Promise<Language> {
  const [python, sql] = await Promise.all([
    parserOf(languages, 'ipython'),
    parserOf(languages, 'SQL')
  ]);
  return assetLanguage(python, sql);
}

async function parserOf(languages: IEditorLanguageRegistry, name: string): Promise<Parser> {
  const found = await languages.getLanguage(name);
  if (found?.support === undefined) {
    throw new Error(`dagbook: this JupyterLab has no language named ${name}.`);
  }
  return found.support.language.parser;
}
