/** Stands in for `xmlbuilder2` in the page: vtk.js names it for files of meshes, which no film is. */
export function create(): never {
  throw new Error("The page reads and writes no XML.");
}
