/** Shows how an asset stands, and how its value begins, where the mouse rests on its name. */
import type { Extension } from '@codemirror/state';
import type { Tooltip } from '@codemirror/view';
import { hoverTooltip, tooltips } from '@codemirror/view';

import type { AssetState } from '../protocol';
import { LOOKS } from '../protocol';
import { keyNamed, wordAt } from './names';

/** What is known of the assets of the notebook that an editor is part of. */
export interface KnownAssets {
  readonly assets: ReadonlyMap<string, AssetState>;
  /** Draws the first of an asset's value into an element. */
  preview(asset: string, into: HTMLElement): Promise<void>;
}

const REST = 400;

export function assetHover(known: () => KnownAssets | null): Extension {
  const shown = (state: Parameters<typeof wordAt>[0], position: number): Tooltip | null => {
    const found = wordAt(state, position);
    const notebook = found === null ? null : known();
    if (found === null || notebook === null) {
      return null;
    }
    const asset = notebook.assets.get(keyNamed(found.word, notebook.assets.keys()) ?? '');
    if (asset === undefined) {
      return null;
    }
    return {
      pos: found.from,
      end: found.to,
      above: true,
      create: () => ({ dom: cardOf(asset, notebook) })
    };
  };
  return [
    // A cell would clip what is drawn inside of it.
    tooltips({ parent: document.body }),
    hoverTooltip((view, position) => shown(view.state, position), { hoverTime: REST })
  ];
}

function cardOf(asset: AssetState, notebook: KnownAssets): HTMLElement {
  const card = element('div', 'dagbook-hover');
  const head = card.appendChild(element('div', 'dagbook-hover-head'));
  head.append(element('b', '', asset.key), stateOf(asset));
  if (asset.why !== '') {
    card.append(element('div', 'dagbook-hover-why', asset.why));
  }
  for (const check of asset.checks) {
    const note = check.note === '' ? '' : `: ${check.note}`;
    card.append(element('div', 'dagbook-hover-check', `${check.name} ${check.verdict}${note}`));
  }
  void notebook.preview(asset.key, card.appendChild(element('div', 'dagbook-hover-value')));
  return card;
}

function stateOf(asset: AssetState): HTMLElement {
  const look = LOOKS[asset.state];
  const shown = element('span', 'dagbook-hover-state', `${look.sign} ${asset.state}`);
  shown.style.color = look.ink;
  shown.style.background = look.paper;
  shown.style.borderColor = look.line;
  return shown;
}

function element(tag: 'b' | 'div' | 'span', name: string, text = ''): HTMLElement {
  const made = document.createElement(tag);
  made.className = name;
  made.textContent = text;
  return made;
}
