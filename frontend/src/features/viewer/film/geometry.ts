/**
 * Where a picture lies in its viewport.
 *
 * Picture points are in the radiograph's own pixels, from the upper left corner of its first pixel;
 * viewport points in CSS pixels from the viewport's upper left corner.
 */

export type Point = readonly [x: number, y: number];

/** x' = a x + c y + e, y' = b x + d y + f, as CSS and SVG write it. */
export type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface PictureSize {
  readonly columns: number;
  readonly rows: number;
}

/** A view of a picture: the picture point in the viewport's middle, how large, how far turned. */
export interface Placement {
  readonly centre: Point;
  /** CSS pixels for one pixel of the picture. */
  readonly scale: number;
  /** Degrees clockwise, in [0, 360). */
  readonly turned: number;
  /** Mirrored, left for right, before it is turned. */
  readonly isFlipped?: boolean;
}

/** The matrix that takes a picture's corners (0, 0), (columns, 0) and (0, rows) to these points. */
export function matrixFromCorners(
  { columns, rows }: PictureSize,
  origin: Point,
  right: Point,
  bottom: Point,
): Matrix {
  return [
    (right[0] - origin[0]) / columns,
    (right[1] - origin[1]) / columns,
    (bottom[0] - origin[0]) / rows,
    (bottom[1] - origin[1]) / rows,
    origin[0],
    origin[1],
  ];
}

export function toViewport([a, b, c, d, e, f]: Matrix, [x, y]: Point): Point {
  return [a * x + c * y + e, b * x + d * y + f];
}

export function toPicture([a, b, c, d, e, f]: Matrix, [x, y]: Point): Point {
  const determinant = a * d - b * c;
  const [dx, dy] = [x - e, y - f];
  return [(d * dx - c * dy) / determinant, (a * dy - b * dx) / determinant];
}

export function scaleOf([a, b]: Matrix): number {
  return Math.hypot(a, b);
}

/** The sign of a picture's columns: they run backwards where it is mirrored. */
function across({ isFlipped }: Pick<Placement, "isFlipped">): 1 | -1 {
  return isFlipped ? -1 : 1;
}

function wholeTurn(degrees: number): number {
  const turned = ((degrees % 360) + 360) % 360;
  return turned > 359.999 ? 0 : turned;
}

export function placementOf(matrix: Matrix, viewport: Size): Placement {
  const [a, b, c, d] = matrix;
  return {
    centre: toPicture(matrix, [viewport.width / 2, viewport.height / 2]),
    scale: scaleOf(matrix),
    turned: wholeTurn((Math.atan2(-c, d) * 180) / Math.PI),
    isFlipped: a * d - b * c < 0,
  };
}

export function matrixOf(placement: Placement, viewport: Size): Matrix {
  const { centre, scale, turned } = placement;
  const angle = (turned * Math.PI) / 180;
  const [cos, sin] = [scale * Math.cos(angle), scale * Math.sin(angle)];
  const [a, b] = [across(placement) * cos, across(placement) * sin];
  const [x, y] = centre;
  return [a, b, -sin, cos, viewport.width / 2 - a * x + sin * y, viewport.height / 2 - b * x - cos * y];
}

/** The direction in the picture that is up in the viewport, as long as one pixel. */
export function upOf(placement: Placement): Point {
  const angle = (placement.turned * Math.PI) / 180;
  return [-across(placement) * Math.sin(angle), -Math.cos(angle)];
}

/** The same view in a mirror: what was on the left of the screen is on its right. */
export function mirrored(placement: Placement): Placement {
  return { ...placement, turned: wholeTurn(-placement.turned), isFlipped: !placement.isFlipped };
}

/** As large as the viewport lets the whole picture be, in its middle. */
export function fitted({ columns, rows }: PictureSize, viewport: Size, turned = 0): Placement {
  const angle = (turned * Math.PI) / 180;
  const [cos, sin] = [Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle))];
  const [width, height] = [columns * cos + rows * sin, columns * sin + rows * cos];
  return {
    centre: [columns / 2, rows / 2],
    scale: Math.min(viewport.width / width, viewport.height / height),
    turned: wholeTurn(turned),
  };
}

/** The same view, a quarter further round; a picture that was fitted is fitted again. */
export function turnedBy(
  placement: Placement,
  degrees: number,
  picture: PictureSize,
  viewport: Size,
): Placement {
  const turned = wholeTurn(placement.turned + degrees);
  return isFitted(placement, picture, viewport)
    ? { ...placement, ...fitted(picture, viewport, turned) }
    : { ...placement, turned };
}

export function isFitted(placement: Placement, picture: PictureSize, viewport: Size): boolean {
  const fit = fitted(picture, viewport, placement.turned);
  const [dx, dy] = [placement.centre[0] - fit.centre[0], placement.centre[1] - fit.centre[1]];
  return Math.abs(placement.scale / fit.scale - 1) < 0.005 && Math.hypot(dx, dy) * fit.scale < 1;
}

/** Moves the picture by so many CSS pixels. */
export function moved(placement: Placement, [dx, dy]: Point): Placement {
  const angle = (placement.turned * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle) / placement.scale, Math.sin(angle) / placement.scale];
  const [x, y] = placement.centre;
  const right = across(placement) * (cos * dx + sin * dy);
  return { ...placement, centre: [x - right, y + sin * dx - cos * dy] };
}

/** The same view, so many times as large, of another picture: linked by shares of what fits. */
export function carriedOver(
  placement: Placement,
  from: { readonly picture: PictureSize; readonly viewport: Size },
  to: { readonly picture: PictureSize; readonly viewport: Size },
): Placement {
  const { turned, centre, scale } = placement;
  const zoom = scale / fitted(from.picture, from.viewport, turned).scale;
  return {
    ...placement,
    centre: [
      (centre[0] / from.picture.columns) * to.picture.columns,
      (centre[1] / from.picture.rows) * to.picture.rows,
    ],
    scale: zoom * fitted(to.picture, to.viewport, turned).scale,
  };
}

/** As CSS and SVG take it. */
export function transformOf(matrix: Matrix): string {
  return `matrix(${matrix.join(", ")})`;
}

/** The part of a picture that a box of it takes up, as a matrix from a grid's cells to the viewport. */
export function gridMatrix(
  [a, b, c, d, e, f]: Matrix,
  box: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number },
  grid: PictureSize,
): Matrix {
  const [across, down] = [(box.right - box.left) / grid.columns, (box.bottom - box.top) / grid.rows];
  return [
    a * across,
    b * across,
    c * down,
    d * down,
    a * box.left + c * box.top + e,
    b * box.left + d * box.top + f,
  ];
}
