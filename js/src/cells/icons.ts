/** The signs on the buttons of a badge, drawn so that no font has to have them. */

const SHAPES = {
  run: 'M4 2.5v11l9-5.5z',
  // What is above, then this: a bar that two branches lead from, and the triangle.
  upstream: 'M1 2h2v12H1zM3 3.2h3v1.6H3zM3 11.2h3v1.6H3zM7 2.5v11l8-5.5z',
  cancel: 'M3.5 3.5h9v9h-9z'
} as const;

export type IconName = keyof typeof SHAPES;

export function icon(name: IconName): SVGElement {
  const space = 'http://www.w3.org/2000/svg';
  const drawing = document.createElementNS(space, 'svg');
  drawing.setAttribute('viewBox', '0 0 16 16');
  drawing.setAttribute('width', '12');
  drawing.setAttribute('height', '12');
  drawing.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(space, 'path');
  path.setAttribute('d', SHAPES[name]);
  path.setAttribute('fill', 'currentColor');
  drawing.append(path);
  return drawing;
}
