/** The panel that shows the live graph of the notebook in front, drawn by that notebook's kernel. */
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { IRenderMime } from '@jupyterlab/rendermime';
import { MimeModel } from '@jupyterlab/rendermime';
import type { Message } from '@lumino/messaging';
import { PanelLayout, Widget } from '@lumino/widgets';

import type { KernelLink } from '../kernel/link';
import type { ILinks } from '../kernel/plugin';
import { graphIcon } from './icon';

const WIDGET = 'application/vnd.jupyter.widget-view+json';
const CLOSED = 'Open a notebook to see its assets.';
const ABSENT =
  'Nothing is connected. Run a cell with %load_ext dagbook in the notebook in front, and its graph appears here.';
const NO_WIDGETS =
  'The graph is a widget, and this JupyterLab draws none: install jupyterlab_widgets.';

/** Milliseconds after which a frame that was drawn or resized keeps its size. */
const SETTLED = 600;
/** Pixels on both sides of the graph that are not its own. */
const BORDERS = 18;

interface Drawn {
  readonly model: string;
  readonly renderer: IRenderMime.IRenderer;
}

export class AssetsPanel extends Widget {
  private readonly message = new Widget();
  private readonly drawn = new Map<NotebookPanel, Drawn>();
  private notebook: NotebookPanel | null = null;
  /** The asset that is to be chosen as soon as the graph is there. */
  private wanted: string | null = null;
  /** Whether the chosen asset is to be scrolled to, once all has its size. */
  private revealing = false;
  private asked = 0;
  private timer = 0;

  constructor(private readonly links: ILinks) {
    super();
    this.id = 'dagbook-assets';
    this.addClass('dagbook-assets');
    this.title.icon = graphIcon;
    this.title.caption = 'Assets';
    this.message.addClass('dagbook-assets-message');
    this.layout = new PanelLayout();
    this.panels.addWidget(this.message);
    this.node.addEventListener('click', () => {
      this.reveal();
    });
  }

  /** Follow this notebook from now on. */
  follow(notebook: NotebookPanel | null): void {
    if (notebook === this.notebook) {
      return;
    }
    this.notebook = notebook;
    if (notebook !== null && !this.drawn.has(notebook)) {
      this.links.of(notebook).changed.connect(this.onChanged, this);
      notebook.disposed.connect(this.onGone, this);
    }
    void this.refresh();
  }

  /** Show the graph with this asset chosen. */
  choose(asset: string | null): void {
    this.wanted = asset;
    void this.refresh();
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    void this.refresh();
  }

  protected override onResize(message: Widget.ResizeMessage): void {
    super.onResize(message);
    this.refit();
  }

  private get panels(): PanelLayout {
    return this.layout as PanelLayout;
  }

  private onChanged(link: KernelLink, changed: unknown): void {
    // Only a link that came or went matters here: the graph follows all else by itself.
    if (changed === null && this.notebook !== null && this.links.of(this.notebook) === link) {
      void this.refresh();
    }
  }

  private onGone(notebook: NotebookPanel): void {
    this.forget(notebook);
    if (this.notebook === notebook) {
      this.notebook = null;
      void this.refresh();
    }
  }

  private forget(notebook: NotebookPanel): void {
    this.drawn.get(notebook)?.renderer.dispose();
    this.drawn.delete(notebook);
  }

  /** Show what the notebook in front has to show; the newest call wins. */
  private async refresh(): Promise<void> {
    if (!this.isVisible) {
      return;
    }
    const { notebook } = this;
    const turn = ++this.asked;
    if (notebook === null) {
      this.say(CLOSED);
      return;
    }
    const link = this.links.of(notebook);
    if (link.status !== 'ready') {
      this.forget(notebook);
      this.say(link.problem || ABSENT);
      return;
    }
    const drawn = this.drawn.get(notebook);
    if (drawn === undefined) {
      this.say('Drawing the graph …');
    } else {
      this.showOnly(drawn.renderer);
    }
    const asset =
      this.wanted !== null && link.standing.assets.has(this.wanted) ? this.wanted : null;
    this.wanted = null;
    this.revealing ||= asset !== null;
    // A panel that was just opened is given its size with the next frame.
    await new Promise(requestAnimationFrame);
    const told = await link.ask({ type: 'openpanel', asset, ...this.room() });
    if (turn !== this.asked || notebook.isDisposed) {
      return;
    }
    if (told.problem !== null) {
      this.say(told.problem);
    } else {
      await this.draw(notebook, told.result, turn);
    }
  }

  /** Have the notebook's own widget manager draw the model, once. */
  private async draw(notebook: NotebookPanel, model: string, turn: number): Promise<void> {
    if (this.drawn.get(notebook)?.model !== model) {
      this.forget(notebook);
      const { rendermime } = this.links.carrier(notebook).content;
      if (!rendermime.mimeTypes.includes(WIDGET)) {
        this.say(NO_WIDGETS);
        return;
      }
      const renderer = rendermime.createRenderer(WIDGET);
      this.drawn.set(notebook, { model, renderer });
      this.panels.addWidget(renderer);
      const data = { [WIDGET]: { model_id: model, version_major: 2, version_minor: 0 } };
      await renderer.renderModel(new MimeModel({ data, trusted: true }));
    }
    // Meanwhile another notebook may have come to the front.
    if (turn !== this.asked) {
      return;
    }
    this.showOnly(this.drawn.get(notebook)?.renderer ?? this.message);
    this.refit();
  }

  /** The pixels that the graph may fill. */
  private room(): { width: number; height: number } {
    const { clientWidth, clientHeight } = this.node;
    return { width: clientWidth - BORDERS, height: clientHeight - BORDERS };
  }

  /** Scroll to the chosen asset, once the panel has made room for what it tells of it. */
  private reveal(): void {
    window.setTimeout(() => {
      this.node.querySelector('.dagbook-mark')?.scrollIntoView({ block: 'nearest' });
    }, SETTLED);
  }

  /** Have the graph fitted into its frame, once that has come to rest. */
  private refit(): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      const { notebook } = this;
      if (notebook !== null && this.isVisible && this.drawn.has(notebook)) {
        void this.fill(notebook);
      }
    }, SETTLED);
  }

  private async fill(notebook: NotebookPanel): Promise<void> {
    await this.links.of(notebook).ask({ type: 'openpanel', asset: null, ...this.room() });
    if (this.revealing) {
      this.revealing = false;
      this.reveal();
    }
  }

  private say(text: string): void {
    this.message.node.textContent = text;
    this.showOnly(this.message);
  }

  private showOnly(shown: Widget): void {
    for (const each of this.panels.widgets) {
      each.setHidden(each !== shown);
    }
  }
}
