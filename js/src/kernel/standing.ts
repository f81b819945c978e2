/** How a notebook stands, put together from the messages of its kernel. */
import type { AssetState, CellState, MadeWith, Outdated, State } from '../protocol';

/** What a message changed. */
export interface Changed {
  readonly assets: ReadonlySet<string>;
  readonly cells: ReadonlySet<string>;
}

export class Standing {
  readonly assets = new Map<string, AssetState>();
  readonly cells = new Map<string, CellState>();
  /** What the cells come from that ran in this kernel, or still show what another one made. */
  readonly madeWith = new Map<string, MadeWith>();
  /** The cells that ran with other values than there are now, by their ids; of the last kernel until
   * one tells of them again. */
  outdated: ReadonlyMap<string, Outdated> = new Map();
  /** What was outdated before this kernel began, of cells that it knows nothing of. */
  private readonly before = new Map<string, Outdated>();
  /** Cells that show another run on this page than the kernel knows of: another page began that. */
  readonly elsewhere = new Map<string, Outdated>();
  /** The runs that can be cancelled. */
  runs: readonly string[] = [];
  /** Cells by what they define; made when it is asked for, since many are asked for one by one. */
  private owners: ReadonlyMap<string, CellState> | null = null;
  private number = 0;

  /** Whether this message follows those before; else the whole must be asked for again. */
  follows(state: State): boolean {
    return state.whole || state.number === this.number + 1;
  }

  /** Take a message in; tells what it changed. */
  take(state: State): Changed {
    const assets = new Set([...state.goneassets, ...state.assets.map(each => each.key)]);
    const cells = new Set([
      ...state.gonecells,
      ...state.cells.map(each => each.id),
      ...state.madewith.map(each => each.cell)
    ]);
    if (state.whole) {
      for (const key of this.assets.keys()) {
        assets.add(key);
      }
      for (const id of [...this.cells.keys(), ...this.outdated.keys()]) {
        cells.add(id);
      }
      this.clear();
    }
    if (state.outdated !== null) {
      const before = this.outdated;
      if (state.whole) {
        this.recall([...before.values()]);
      }
      this.outdated = new Map(state.outdated.map(each => [each.cell, each]));
      [...before.keys(), ...this.outdated.keys()].forEach(id => cells.add(id));
    }
    this.number = state.number;
    this.runs = state.runs;
    update(this.assets, state.goneassets, state.assets, each => each.key);
    update(this.cells, state.gonecells, state.cells, each => each.id);
    update(this.madeWith, [], state.madewith, each => each.cell);
    state.madewith.forEach(each => this.before.delete(each.cell));
    this.owners = null;
    return { assets, cells };
  }

  /** What of a cell's outputs is no longer so, as far as is known. */
  outdatedOf(cell: string): Outdated | undefined {
    return this.elsewhere.get(cell) ?? this.outdated.get(cell) ?? this.before.get(cell);
  }

  /** These cells were outdated before, which counts until a kernel knows what they come from. */
  recall(outdated: readonly Outdated[]): void {
    outdated.forEach(each => this.before.set(each.cell, each));
  }

  clear(): void {
    this.assets.clear();
    this.cells.clear();
    this.madeWith.clear();
    this.owners = null;
    this.runs = [];
  }

  /** The cell that defines an asset. */
  cellOf(asset: string): CellState | undefined {
    this.owners ??= new Map(
      [...this.cells.values()].flatMap(cell => cell.assets.map(key => [key, cell] as const))
    );
    return this.owners.get(asset);
  }
}

function update<T>(
  known: Map<string, T>,
  gone: readonly string[],
  given: readonly T[],
  name: (each: T) => string
): void {
  for (const each of gone) {
    known.delete(each);
  }
  for (const each of given) {
    known.set(name(each), each);
  }
}
