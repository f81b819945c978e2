/** What the editor knows of asset cells: colours, hover, underlines. */
import type { Language } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import type { ICellModel } from '@jupyterlab/cells';
import type { CodeEditor } from '@jupyterlab/codeeditor';
import {
  EditorExtensionRegistry,
  IEditorExtensionRegistry,
  IEditorLanguageRegistry
} from '@jupyterlab/codemirror';
import { INotebookTracker } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { Parser } from '@lezer/common';

import type { KernelLink } from '../kernel/link';
import { ILinks } from '../kernel/plugin';
import type { KnownAssets } from './hover';
import { assetHover } from './hover';
import { assetLanguage } from './language';
import { languageSwitch } from './switching';
import { faultUnderlines } from './underlines';

export const editor: JupyterFrontEndPlugin<void> = {
  id: 'dagbook:editor',
  description: 'Reads the cells of assets in the editor.',
  autoStart: true,
  requires: [
    IEditorExtensionRegistry,
    IEditorLanguageRegistry,
    INotebookTracker,
    IRenderMimeRegistry,
    ILinks
  ],
  activate: (
    _app,
    extensions: IEditorExtensionRegistry,
    languages: IEditorLanguageRegistry,
    notebooks: INotebookTracker,
    rendermime: IRenderMimeRegistry,
    links: ILinks
  ) => {
    const inLanguage = languageSwitch(loadLanguage(languages));
    const linkOf = (model: CodeEditor.IModel): KernelLink | null => {
      const { notebook } = (model as ICellModel).sharedModel;
      const panel = notebooks.find(one => one.content.model?.sharedModel === notebook);
      return panel === undefined ? null : links.of(panel);
    };
    extensions.addExtension({
      name: 'dagbook:cells',
      factory: ({ inline, model }) =>
        inline
          ? EditorExtensionRegistry.createImmutableExtension([
              inLanguage(model.sharedModel.getSource()),
              understanding(() => linkOf(model), rendermime)
            ])
          : null
    });
  }
};

/** What the kernel is asked for while somebody types or points at a name. */
function understanding(link: () => KernelLink | null, rendermime: IRenderMimeRegistry): Extension {
  return [
    assetHover(() => {
      const found = link();
      return found === null ? null : knownAssets(found, rendermime);
    }),
    faultUnderlines(async (text, again) => {
      const found = link();
      if (found?.status !== 'ready') {
        found?.changed.connect(onceReady(again));
        return [];
      }
      const told = await found.request({ type: 'findfaults', text });
      return told.type === 'faults' ? told.faults : [];
    })
  ];
}

/** What is typed before the kernel listens is read when it does. */
function onceReady(then: () => void): (link: KernelLink) => void {
  const heard = (link: KernelLink): void => {
    if (link.status === 'ready') {
      link.changed.disconnect(heard);
      then();
    }
  };
  return heard;
}

function knownAssets(link: KernelLink, rendermime: IRenderMimeRegistry): KnownAssets {
  return {
    assets: link.standing.assets,
    preview: async (asset, into) => {
      const told = await link.request({ type: 'showpreview', asset });
      if (told.type !== 'preview' || told.html === '') {
        return;
      }
      // As trusted as the output of a cell: dagbook wrote it, and the value's own text is escaped.
      const model = rendermime.createModel({ trusted: true, data: { 'text/html': told.html } });
      const drawn = rendermime.createRenderer('text/html');
      await drawn.renderModel(model);
      into.append(drawn.node);
    }
  };
}

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
