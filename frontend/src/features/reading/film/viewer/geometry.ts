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

function wholeTurn(degrees: number): number {
  const turned = ((degrees % 360) + 360) % 360;
  return turned > 359.999 ? 0 : turned;
}

export function placementOf(matrix: Matrix, viewport: Size): Placement {
  const [a, b] = matrix;
  return {
    centre: toPicture(matrix, [viewport.width / 2, viewport.height / 2]),
    scale: scaleOf(matrix),
    turned: wholeTurn((Math.atan2(b, a) * 180) / Math.PI),
  };
}

export function matrixOf({ centre, scale, turned }: Placement, viewport: Size): Matrix {
  const angle = (turned * Math.PI) / 180;
  const [cos, sin] = [scale * Math.cos(angle), scale * Math.sin(angle)];
  const [x, y] = centre;
  return [
    cos,
    sin,
    -sin,
    cos,
    viewport.width / 2 - cos * x + sin * y,
    viewport.height / 2 - sin * x - cos * y,
  ];
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
    ? fitted(picture, viewport, turned)
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
  return { ...placement, centre: [x - cos * dx - sin * dy, y + sin * dx - cos * dy] };
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
    centre: [
      (centre[0] / from.picture.columns) * to.picture.columns,
      (centre[1] / from.picture.rows) * to.picture.rows,
    ],
    scale: zoom * fitted(to.picture, to.viewport, turned).scale,
    turned,
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
