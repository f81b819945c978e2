/** The line above a cell that shows its badges and the buttons that run it. */
import { Widget } from '@lumino/widgets';

import type { Reach } from '../protocol';
import { LOOKS } from '../protocol';
import type { Badge, CheckMark, OutdatedMark } from './badge';
import { duration } from './duration';
import type { IconName } from './icons';
import { icon } from './icons';

/** What the buttons of a bar do. */
export interface BarActions {
  open(asset: string): void;
  run(reach: Reach): void;
  rerun(): void;
  cancel(): void;
}

/** More badges than these, or checks of one badge, are counted and not shown. */
const MOST = 4;

export class BadgeBar extends Widget {
  private shown = '';

  constructor(private readonly actions: BarActions) {
    super();
    this.addClass('dagbook-bar');
    // A click must not take the focus from the cell that is being edited.
    this.node.addEventListener('mousedown', event => {
      event.preventDefault();
    });
  }

  /** Show these badges; does nothing where they are shown already. */
  display(badges: readonly Badge[], outdated: OutdatedMark | null = null): void {
    const shown = JSON.stringify([badges, outdated]);
    if (shown === this.shown) {
      return;
    }
    this.shown = shown;
    const more = badges.length - MOST;
    this.node.replaceChildren(
      ...badges.slice(0, MOST).map(badge => this.chip(badge)),
      ...(more > 0 ? [textual('span', 'dagbook-more', `and ${more} more`)] : []),
      ...(outdated === null ? [] : [this.warning(outdated)]),
      ...this.buttons(badges)
    );
  }

  private warning(outdated: OutdatedMark): HTMLElement {
    const chip = document.createElement('button');
    chip.type = 'button';
    chip.className = 'dagbook-badge dagbook-outdated-mark';
    chip.title = outdated.why;
    colour(chip, outdated.quiet === true ? null : 'stale');
    chip.append(textual('span', 'dagbook-sign', '↻'), textual('span', '', outdated.text));
    chip.addEventListener('click', () => {
      this.actions.rerun();
    });
    return chip;
  }

  private chip(badge: Badge): HTMLElement {
    const chip = document.createElement('button');
    chip.type = 'button';
    chip.className = 'dagbook-badge';
    chip.dataset.state = badge.word;
    chip.title = [`${badge.name}: ${badge.word}`, badge.why].filter(Boolean).join('\n');
    colour(chip, badge.look);
    chip.append(
      textual('span', 'dagbook-sign', badge.sign),
      textual('span', 'dagbook-name', badge.name),
      textual('span', 'dagbook-state', badge.word)
    );
    chip.append(...badge.notes.map(note => textual('span', 'dagbook-note', note)));
    chip.append(...badge.checks.slice(0, MOST).map(mark));
    if (badge.checks.length > MOST) {
      chip.append(textual('span', 'dagbook-more', `and ${badge.checks.length - MOST} more`));
    }
    if (badge.seconds !== null) {
      // While it runs, a bare duration would be read as how long it has done so.
      const last = badge.word === 'running' ? 'last took ' : '';
      chip.append(textual('span', 'dagbook-seconds', last + duration(badge.seconds)));
    }
    const { asset } = badge;
    if (asset === null) {
      chip.disabled = true;
    } else {
      chip.addEventListener('click', () => {
        this.actions.open(asset);
      });
    }
    return chip;
  }

  private buttons(badges: readonly Badge[]): HTMLElement[] {
    if (badges.some(badge => badge.word === 'running')) {
      return [
        button('cancel', 'Cancel the run', () => {
          this.actions.cancel();
        })
      ];
    }
    // None: an ordinary cell, of which there is only something to be told.
    if (badges.every(badge => badge.word === 'not connected')) {
      return [];
    }
    const known = badges.every(badge => badge.look !== null);
    const told = known ? 'Materialize' : 'Run this cell, which registers it';
    const run = button('run', told, () => {
      this.actions.run('this');
    });
    const above = button('upstream', 'Materialize with everything upstream', () => {
      this.actions.run('upstream');
    });
    return known ? [run, above] : [run];
  }
}

function mark(check: CheckMark): HTMLElement {
  const shown = textual('span', 'dagbook-check', `${check.sign} ${check.name}`);
  shown.dataset.verdict = check.word;
  shown.title = [`${check.name}: ${check.word}`, check.note].filter(Boolean).join('\n');
  colour(shown, check.look);
  return shown;
}

function button(name: IconName, told: string, does: () => void): HTMLElement {
  const made = document.createElement('button');
  made.className = `dagbook-button dagbook-${name}`;
  made.append(icon(name));
  made.type = 'button';
  made.title = told;
  made.setAttribute('aria-label', told);
  made.addEventListener('click', does);
  return made;
}

function colour(node: HTMLElement, look: Badge['look']): void {
  if (look !== null) {
    node.style.setProperty('--dagbook-line', LOOKS[look].line);
    node.style.setProperty('--dagbook-paper', LOOKS[look].paper);
    node.style.setProperty('--dagbook-ink', LOOKS[look].ink);
  }
}

function textual(tag: string, name: string, text: string): HTMLElement {
  const node = document.createElement(tag);
  node.className = name;
  node.textContent = text;
  return node;
}
