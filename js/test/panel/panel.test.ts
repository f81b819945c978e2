/** The panel while notebooks change places in front of it. */
import type { NotebookPanel } from '@jupyterlab/notebook';
import { PromiseDelegate } from '@lumino/coreutils';
import { Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';
import { expect, test } from 'vitest';

import type { ILinks } from '../../src/kernel/plugin';
import { AssetsPanel } from '../../src/panel/panel';

const WIDGET = 'application/vnd.jupyter.widget-view+json';

/** A notebook whose kernel answers at once, and whose graph is drawn when it is told so. */
function opened(name: string) {
  const drawn = new PromiseDelegate<undefined>();
  const graph = Object.assign(new Widget(), { renderModel: () => drawn.promise });
  const notebook = { isDisposed: false };
  const rendermime = { mimeTypes: [WIDGET], createRenderer: () => graph };
  Object.assign(notebook, { disposed: new Signal(notebook), content: { rendermime } });
  const link = { status: 'ready', problem: '', standing: { assets: new Map() } };
  const ask = () => Promise.resolve({ type: 'answer', request: '', problem: null, result: name });
  Object.assign(link, { changed: new Signal(link), ask });
  return { notebook: notebook as NotebookPanel, link, graph, drawn };
}

/** Let everything that waits for a frame or an answer go on. */
async function settle(): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, 60));
}

/** A panel in front of two notebooks, which are told with it. */
function shown() {
  const all = [opened('one'), opened('two')] as const;
  const links = {
    of: (each: NotebookPanel) => all.find(({ notebook }) => notebook === each)?.link,
    carrier: (each: NotebookPanel) => each
  };
  const panel = new AssetsPanel(links as unknown as ILinks);
  Widget.attach(panel, document.body);
  const visible = () => all.map(({ graph }) => graph.isVisible);
  return { panel, one: all[0], two: all[1], visible };
}

test('a graph that is drawn late does not cover that of the notebook in front', async () => {
  const { panel, one, two, visible } = shown();
  panel.follow(one.notebook);
  await settle();
  panel.follow(two.notebook);
  two.drawn.resolve(undefined);
  await settle();
  one.drawn.resolve(undefined);
  await settle();
  expect(visible()).toEqual([false, true]);
});

test('a graph that was drawn before is there again without waiting for its kernel', async () => {
  const { panel, one, two, visible } = shown();
  one.drawn.resolve(undefined);
  two.drawn.resolve(undefined);
  for (const { notebook } of [one, two]) {
    panel.follow(notebook);
    await settle();
  }
  panel.follow(one.notebook);
  expect(visible()).toEqual([true, false]);
});
