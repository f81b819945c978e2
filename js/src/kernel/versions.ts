/** Reads the versions of assets that are kept in the metadata of a cell. */

/** What is kept of a cell, by asset; null where it is nothing, or not of the run of this number.
 *
 * Other programs run a notebook too, and leave in it what was kept of the outputs before.
 */
export function versionsIn(
  metadata: unknown,
  count: number | null
): ReadonlyMap<string, string> | null {
  const kept = isObject(metadata) ? metadata.made_with : undefined;
  if (!isObject(metadata) || !isObject(kept) || metadata.execution_count !== count) {
    return null;
  }
  const pairs = Object.entries(kept);
  return pairs.every((pair): pair is [string, string] => typeof pair[1] === 'string')
    ? new Map(pairs)
    : null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
