/** The commands: in the palette, a menu, the toolbar and by shortcuts (schema/commands.json). */
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, InputDialog, Notification } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { runIcon, stopIcon } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';

import { ILinks } from '../kernel/plugin';
import { Current } from './current';
import { staleIcon } from './icons';
import { insertCell } from './inserting';
import { definitionOf, freeName, nameAt } from './places';
import { renameAsset } from './renaming';
import { IRunner } from './runner';

const CATEGORY = 'Assets';

type Options = CommandRegistry.ICommandOptions;

export const commands: JupyterFrontEndPlugin<void> = {
  id: 'dagbook:commands',
  description: 'Commands for notebooks of assets.',
  autoStart: true,
  requires: [INotebookTracker, ILinks, IRunner],
  optional: [ICommandPalette, ISettingRegistry],
  activate: (
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    links: ILinks,
    runner: IRunner,
    palette: ICommandPalette | null,
    settings: ISettingRegistry | null
  ) => {
    const current = new Current(tracker, links);
    const made: Record<string, Options> = {
      ...running(current, runner),
      ...going(current),
      ...writing(current)
    };
    for (const [name, options] of Object.entries(made)) {
      app.commands.addCommand(`dagbook:${name}`, {
        describedBy: { args: { type: 'object', properties: {} } },
        ...options
      });
    }
    for (const name of [...Object.keys(made), 'show-graph']) {
      palette?.addItem({ command: `dagbook:${name}`, category: CATEGORY });
    }
    const refresh = (): void => {
      app.commands.notifyCommandChanged();
    };
    tracker.currentChanged.connect(refresh);
    tracker.activeCellChanged.connect(refresh);
    // The menu, the toolbar's button and the shortcuts come with the settings.
    void settings?.load(commands.id).catch(() => undefined);
  }
};

function running(current: Current, runner: IRunner): Record<string, Options> {
  const run = (reach: 'this' | 'upstream') => (): void => {
    const { panel, cell } = current;
    if (panel !== null && cell !== null) {
      runner.run(panel, cell, reach);
    }
  };
  const definesOne = (): boolean => current.defines;
  const isReady = (): boolean => current.link?.status === 'ready';
  return {
    materialize: {
      label: "Materialize This Cell's Asset",
      icon: runIcon,
      isEnabled: definesOne,
      execute: run('this')
    },
    'materialize-upstream': {
      label: "Materialize This Cell's Asset With Everything Upstream",
      isEnabled: definesOne,
      execute: run('upstream')
    },
    'materialize-stale': {
      label: 'Materialize All Stale Assets',
      caption: 'Materialize all stale assets of this notebook',
      icon: staleIcon,
      isEnabled: isReady,
      execute: () => current.panel && runner.materialize(current.panel, [], 'stale')
    },
    cancel: {
      label: 'Cancel the Run of Assets',
      icon: stopIcon,
      isEnabled: isReady,
      execute: () => {
        if (current.panel !== null) {
          runner.cancel(current.panel);
        }
      }
    }
  };
}

function going(current: Current): Record<string, Options> {
  return {
    'go-to-input': {
      label: 'Go to the Cell of an Input',
      isEnabled: () => current.assets.length > 0,
      execute: async () => {
        const { panel, link, assets } = current;
        if (panel === null || link === null) {
          return;
        }
        const read = assets.flatMap(asset => link.standing.assets.get(asset)?.inputs ?? []);
        const inputs = [...new Set(read)];
        const chosen = inputs.length > 1 ? await choose(inputs) : inputs[0];
        if (chosen !== undefined) {
          await current.goToAsset(panel, chosen);
        } else if (inputs.length === 0) {
          Notification.info(`${assets.join(', ')} reads no other asset.`, { autoClose: 5000 });
        }
      }
    },
    'go-to-definition': {
      label: 'Go to Where the Name Is Defined',
      isEnabled: () => current.cell !== null,
      execute: async () => {
        const { panel, link, cell } = current;
        const editor = cell?.editor;
        if (panel === null || link === null || !editor) {
          return;
        }
        const offset = editor.getOffsetAt(editor.getCursorPosition());
        const name = nameAt(editor.model.sharedModel.getSource(), offset);
        const keys = [...link.standing.assets.keys()];
        const key = keys.find(each => each === name || each.endsWith(`/${name}`));
        const owner = key === undefined ? undefined : link.standing.cellOf(key)?.id;
        const from = panel.content.activeCellIndex;
        const place =
          name === '' ? null : definitionOf(name, current.texts(panel, true), from, owner);
        if (place === null) {
          const told = name === '' ? 'The cursor is at no name.' : `Nothing here defines ${name}.`;
          Notification.info(told, { autoClose: 5000 });
        } else {
          await current.goTo(panel, place.cell, place.offset);
        }
      }
    }
  };
}

async function choose(inputs: readonly string[]): Promise<string | undefined> {
  const asked = await InputDialog.getItem({ title: 'Go to the Cell of', items: [...inputs] });
  return asked.button.accept && asked.value !== null ? asked.value : undefined;
}

function writing(current: Current): Record<string, Options> {
  const isOpen = (): boolean => current.panel !== null;
  return {
    'insert-asset': {
      label: 'Insert an Asset Cell',
      isEnabled: isOpen,
      execute: async () => {
        const { panel, link } = current;
        if (panel !== null && link !== null) {
          const name = freeName('new_asset', link.standing.assets);
          await insertCell(panel, `%%asset ${name}\n`, name);
        }
      }
    },
    'insert-check': {
      label: 'Insert a Check Cell',
      isEnabled: isOpen,
      execute: async () => {
        const { panel, assets } = current;
        const [asset] = assets;
        const of = asset === undefined ? '' : ` --asset ${asset}`;
        if (panel !== null) {
          await insertCell(panel, `%%asset_check new_check${of}\n`, 'new_check');
        }
      }
    },
    'rename-asset': {
      label: 'Rename an Asset Everywhere',
      isEnabled: () => current.link?.status === 'ready' && current.link.standing.assets.size > 0,
      execute: async () => {
        const { panel, link } = current;
        if (panel !== null && link !== null) {
          await renameAsset(panel, link, current.assets[0], current.texts(panel));
        }
      }
    }
  };
}
