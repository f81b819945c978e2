/** What the badges of a cell say: pure, from the cell's text and from how the notebook stands. */
import { headerOf } from '../editor/header';
import type { LinkStatus } from '../kernel/link';
import type { Standing } from '../kernel/standing';
import type {
  AssetState,
  CellState,
  CheckState,
  FlagWord,
  StateWord,
  VerdictWord
} from '../protocol';
import { LOOKS } from '../protocol';
import { textDigest } from './digest';

/** What a badge shows besides the states of assets: that nothing is known of the cell as it is. */
export type BadgeWord =
  | StateWord
  | 'not connected'
  | 'not registered'
  | 'edited, not registered'
  | 'defined in another cell'
  | VerdictLabel;

export type VerdictLabel = 'passed' | 'failed' | 'warned' | 'unchecked';

export interface CheckMark {
  readonly name: string;
  readonly word: VerdictLabel;
  readonly sign: string;
  readonly look: StateWord;
  readonly note: string;
}

export interface Badge {
  readonly name: string;
  /** The asset that a click shows, if the kernel knows one. */
  readonly asset: string | null;
  readonly word: BadgeWord;
  readonly sign: string;
  readonly look: StateWord | null;
  readonly why: string;
  /** What is to be known besides, in a word or a few. */
  readonly notes: readonly string[];
  readonly seconds: number | null;
  readonly checks: readonly CheckMark[];
}

/** That a cell ran with other values than there are now; badges of its own say that one is stale. */
export interface OutdatedMark {
  readonly text: string;
  readonly why: string;
  /** It may still be true what the cell shows: nobody knows. */
  readonly quiet?: boolean;
}

/** What the link with the kernel tells of a notebook. */
export interface Known {
  readonly status: LinkStatus;
  readonly problem: string;
  readonly standing: Standing;
}

const DEFINES = new Set([
  'asset',
  'asset_check',
  'multi_asset',
  'graph_asset',
  'graph_multi_asset'
]);

const NOTES: Readonly<Record<FlagWord, string>> = {
  pinned: 'pinned',
  unverified: 'unverified',
  weak: 'as far as seen'
};

const VERDICTS: Readonly<Record<VerdictWord, [VerdictLabel, string, StateWord]>> = {
  passed: ['passed', '✓', 'fresh'],
  failed: ['failed', '✗', 'failed'],
  warned: ['warned', '!', 'stale'],
  missing: ['unchecked', '○', 'missing']
};

/** The names that a cell's header says it defines; none for other cells. */
export function namesIn(text: string): string[] {
  const header = headerOf(text);
  if (header === null || !DEFINES.has(header.magic)) {
    return [];
  }
  const words = header.pieces.slice(1);
  const option = words.findIndex(piece => piece.part !== 'Name' && piece.part !== 'Text');
  return words
    .slice(0, option < 0 ? words.length : option)
    .map(piece => text.slice(piece.from, piece.to).replace(/^["']|["']$/g, ''));
}

/** The badges of a cell; none where it defines nothing. */
export function badgesOf(id: string, text: string, known: Known): Badge[] {
  const names = namesIn(text);
  const cell = known.standing.cells.get(id);
  if (known.status !== 'ready') {
    const why = known.problem || 'Run the cell with %load_ext dagbook.';
    return names.map(name => plain(name, 'not connected', why));
  }
  if (cell === undefined) {
    return names.map(name => unregistered(name, known.standing));
  }
  if (cell.digest !== textDigest(text)) {
    const told = names.length > 0 ? names : [...cell.assets, ...cell.checks];
    return told.map(name => edited(name, known.standing));
  }
  return [
    ...cell.assets.map(key => ofAsset(key, known.standing.assets.get(key))),
    ...cell.checks.map(name => ofCheck(name, known.standing))
  ];
}

/** Whether a cell shows, or goes on with, earlier or stale values, as far as was heard. */
export function isOutdated(id: string, known: Known): boolean {
  return known.standing.outdatedOf(id) !== undefined;
}

/** What is to be said of outputs that are older than the kernel and that nothing is known of. */
export function unknownMark(id: string, text: string, known: Known): OutdatedMark | null {
  const { status, standing } = known;
  if (status !== 'ready' || standing.madeWith.has(id) || namesIn(text).length === 0) {
    return null;
  }
  const why =
    'Whether the value that is shown is the one that is kept is not known. Click to run the cell.';
  return { text: 'not run since dagbook was loaded', why, quiet: true };
}

/** What is to be said of a cell that is outdated; null where nothing is, or its badges say it. */
export function outdatedMark(id: string, known: Known): OutdatedMark | null {
  const { cells } = known.standing;
  const found = known.standing.outdatedOf(id);
  if (found === undefined) {
    return null;
  }
  const newer = found.earlier;
  const stale = found.stale.filter(key => cells.get(id)?.assets.includes(key) !== true);
  if (newer.length > 0) {
    const why = `Since this cell ran, there are newer values: ${newer.join(', ')}.`;
    return { text: `ran before ${several(newer)} changed`, why: `${why} Click to run it again.` };
  }
  const why = `Stale since this cell ran: ${stale.join(', ')}.`;
  return stale.length === 0 ? null : { text: `reads ${several(stale)}, stale by now`, why };
}

function several(names: readonly string[]): string {
  return names.length === 1 ? (names[0] ?? '') : `${names.length} assets`;
}

/** The assets that the badges of a cell speak of, by which it is known when they change. */
export function assetsOf(cell: CellState | undefined): string[] {
  return cell === undefined ? [] : [...cell.assets, ...cell.checks.map(name => checkedBy(name)[0])];
}

function plain(name: string, word: BadgeWord, why: string, asset: string | null = null): Badge {
  return { name, asset, word, sign: '·', look: null, why, notes: [], seconds: null, checks: [] };
}

function unregistered(name: string, standing: Standing): Badge {
  return standing.cellOf(name) === undefined
    ? plain(name, 'not registered', 'Run the cell to register it.')
    : plain(name, 'defined in another cell', 'Run the cell to let this definition count.', name);
}

function edited(name: string, standing: Standing): Badge {
  const asset = standing.assets.get(name);
  const before = asset === undefined ? '' : ` Before the edit: ${asset.state}.`;
  const key = asset === undefined ? null : name;
  return plain(name, 'edited, not registered', `Run the cell to register it.${before}`, key);
}

function ofAsset(key: string, state: AssetState | undefined): Badge {
  if (state === undefined) {
    return plain(key, 'not registered', 'Run the cell to register it.');
  }
  const look = LOOKS[state.state];
  return {
    name: key,
    asset: key,
    word: state.state,
    sign: look.sign,
    look: state.state,
    why: state.why === '' ? look.meaning : state.why,
    notes: state.flags.map(flag => NOTES[flag]),
    seconds: state.seconds,
    checks: state.checks.map(markOf)
  };
}

/** The asset and the name of a check that is written `asset.check`. */
function checkedBy(name: string): [string, string] {
  const dot = name.lastIndexOf('.');
  return [name.slice(0, dot), name.slice(dot + 1)];
}

function ofCheck(name: string, standing: Standing): Badge {
  const [key, own] = checkedBy(name);
  const check = standing.assets.get(key)?.checks.find(each => each.name === own);
  if (check === undefined) {
    return plain(name, 'not registered', `Nothing defines ${key} now.`);
  }
  const mark = markOf(check);
  const { word, sign, look, note } = mark;
  return { name, asset: key, word, sign, look, why: note, notes: [], seconds: null, checks: [] };
}

function markOf(check: CheckState): CheckMark {
  const [word, sign, look] = VERDICTS[check.verdict];
  return { name: check.name, word, sign, look, note: check.note };
}
