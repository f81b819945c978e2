/** Reads the first lines of a cell: which of our magics it is, and in which language its body is. */

export type Part = 'Magic' | 'Option' | 'Text' | 'Name' | 'Note';

/** A stretch of a header; `from` and `to` count from the start of the cell. */
export interface Piece {
  readonly part: Part;
  readonly from: number;
  readonly to: number;
}

export interface Header {
  readonly magic: string;
  readonly pieces: readonly Piece[];
  readonly sql: boolean;
  /** Where the body begins. */
  readonly end: number;
}

const MAGIC = /^\s*%%(?:(?:graph_)?(?:multi_)?asset|asset_check|op)(?![\w%])/;
// A comment, an option, or a word; quotes hold blanks and signs together, as a shell does.
const PIECE = /#.*|(?:"[^"]*"?|'[^']*'?|[^\s#"'])+/g;
const OPTION_LINE = /\s*^#\|.*(?:\n|$)/my;
const SQL_LINE = /^\s*#\|\s*sql\s*(?::(?!\s*false\b).*)?$/i;

/** The header of an asset's, check's or op's cell; null for every other cell. */
export function headerOf(text: string): Header | null {
  const magic = MAGIC.exec(text);
  if (magic === null) {
    return null;
  }
  const opening = magic[0].length;
  const name = magic[0].trimStart();
  const newline = text.indexOf('\n', opening);
  const line = newline < 0 ? text : text.slice(0, newline);
  const pieces: Piece[] = [
    { part: 'Magic', from: opening - name.length, to: opening },
    ...piecesOf(line, opening)
  ];
  const options = optionLines(text, newline < 0 ? text.length : newline + 1);
  return {
    magic: name.slice(2),
    pieces: [...pieces, ...options],
    sql:
      pieces.some(piece => line.slice(piece.from, piece.to) === '--sql') ||
      options.some(piece => SQL_LINE.test(text.slice(piece.from, piece.to).trimEnd())),
    end: options.at(-1)?.to ?? (newline < 0 ? text.length : newline + 1)
  };
}

function piecesOf(line: string, begin: number): Piece[] {
  return [...line.slice(begin).matchAll(PIECE)].map(({ 0: word, index }) => ({
    part: partOf(word),
    from: begin + index,
    to: begin + index + word.length
  }));
}

function partOf(word: string): Part {
  if (word.startsWith('#')) {
    return 'Note';
  }
  if (word.startsWith('--')) {
    return 'Option';
  }
  return /["']/.test(word) ? 'Text' : 'Name';
}

/** The leading lines `#| key: value` of the body. */
function optionLines(text: string, begin: number): Piece[] {
  const lines: Piece[] = [];
  let from = begin;
  for (;;) {
    OPTION_LINE.lastIndex = from;
    const line = from < text.length ? OPTION_LINE.exec(text)?.[0] : undefined;
    if (line === undefined) {
      return lines;
    }
    lines.push({ part: 'Note', from, to: from + line.length });
    from += line.length;
  }
}
