/** What a notebook's cells keep of their outputs in their metadata, past the kernel and the page. */
import type { Attach, MadeWith, Outdated } from '../protocol';

export interface Screen {
  /** What the outputs come from. */
  readonly madeWith: readonly MadeWith[];
  /** Which of them were known not to be so any more. */
  readonly outdated: readonly Outdated[];
}

export const NOTHING_SHOWN: Screen = { madeWith: [], outdated: [] };

/** What several notebooks on one kernel tell it: what they show, and which assets were stale. */
export function together(screens: readonly Screen[]): Pick<Attach, 'madewith' | 'stale'> {
  const outdated = screens.flatMap(each => each.outdated);
  return {
    madewith: screens.flatMap(each => each.madeWith),
    stale: [...new Set(outdated.flatMap(each => each.stale))]
  };
}

/** What is kept of one cell. */
export interface Kept {
  readonly versions: ReadonlyMap<string, string>;
  readonly earlier: readonly string[];
  readonly stale: readonly string[];
}

/** What is kept of a cell; null where it is nothing, or not of the run of this number.
 *
 * Other programs run a notebook too, and leave in it what was kept of the outputs before.
 */
export function keptIn(metadata: unknown, count: number | null): Kept | null {
  const made = isObject(metadata) ? metadata.made_with : undefined;
  if (!isObject(metadata) || !isObject(made) || metadata.execution_count !== count) {
    return null;
  }
  const pairs = Object.entries(made);
  return pairs.every((pair): pair is [string, string] => typeof pair[1] === 'string')
    ? { versions: new Map(pairs), earlier: names(metadata.earlier), stale: names(metadata.stale) }
    : null;
}

/** What is to be kept of a cell, as it stands in its metadata. */
export function metadataOf(kept: Kept, count: number | null): Record<string, unknown> {
  const { versions, earlier, stale } = kept;
  return {
    made_with: Object.fromEntries(versions),
    execution_count: count,
    ...(earlier.length > 0 ? { earlier: [...earlier] } : {}),
    ...(stale.length > 0 ? { stale: [...stale] } : {})
  };
}

function names(value: unknown): string[] {
  return Array.isArray(value)
    ? value.filter((each): each is string => typeof each === 'string')
    : [];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
