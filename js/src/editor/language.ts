/** The language of asset cells: our header, then a body in Python or SQL. */
import { defineLanguageFacet, Language, languageDataProp } from '@codemirror/language';
import type { Input, ParseWrapper, PartialParse, TreeFragment } from '@lezer/common';
import { NodeSet, NodeType, Parser, parseMixed, Tree } from '@lezer/common';
import { styleTags, tags } from '@lezer/highlight';

import type { Part } from './header';
import { headerOf } from './header';

type NodeName = 'Cell' | 'Python' | 'Sql' | Part;
type Ranges = readonly { from: number; to: number }[];

const data = defineLanguageFacet({ commentTokens: { line: '#' } });

const NAMES: readonly NodeName[] = [
  ...(['Cell', 'Python', 'Sql'] as const),
  ...(['Magic', 'Option', 'Text', 'Name', 'Note'] as const)
];

const nodes = new NodeSet(
  NAMES.map((name, id) =>
    NodeType.define({ id, name, top: id === 0, props: id === 0 ? [[languageDataProp, data]] : [] })
  )
).extend(
  styleTags({
    Magic: tags.keyword,
    Option: tags.meta,
    Text: tags.string,
    Name: tags.definition(tags.variableName),
    Note: tags.comment
  })
);

/** The language of asset cells; the parsers are those for their bodies. */
export function assetLanguage(python: Parser, sql: Parser): Language {
  return new Language(data, new CellParser({ Python: python, Sql: sql }), [], 'dagbook');
}

/** Names the stretches of a cell, and has the body read by the parser of its language. */
class CellParser extends Parser {
  private readonly fill: ParseWrapper;

  constructor(bodies: Readonly<Record<string, Parser>>) {
    super();
    this.fill = parseMixed(node => {
      const parser = node.node.parent?.type.id === 0 ? bodies[node.name] : undefined;
      return parser === undefined ? null : { parser };
    });
  }

  override createParse(
    input: Input,
    fragments: readonly TreeFragment[],
    ranges: Ranges
  ): PartialParse {
    return this.fill(new CellParse(input), input, fragments, ranges);
  }
}

/** Headers are short: they are read in one step. */
class CellParse implements PartialParse {
  parsedPos = 0;
  stoppedAt: number | null = null;

  constructor(private readonly input: Input) {}

  advance(): Tree {
    this.parsedPos = this.stoppedAt ?? this.input.length;
    return cellTree(this.input.read(0, this.parsedPos));
  }

  stopAt(position: number): void {
    this.stoppedAt = position;
  }
}

function cellTree(text: string): Tree {
  const header = headerOf(text);
  const end = header?.end ?? 0;
  const body = {
    part: header?.sql === true ? 'Sql' : 'Python',
    from: end,
    to: text.length
  } as const;
  const stretches = [...(header?.pieces ?? []), ...(end < text.length ? [body] : [])];
  return new Tree(
    nodeType('Cell'),
    stretches.map(({ part, from, to }) => new Tree(nodeType(part), [], [], to - from)),
    stretches.map(({ from }) => from),
    text.length
  );
}

function nodeType(name: NodeName): NodeType {
  return nodes.types[NAMES.indexOf(name)] ?? NodeType.none;
}
