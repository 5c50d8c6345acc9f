/** Where a file lay in what was dropped or chosen: react-dropzone and browsers each tell it in their way. */
function pathOf(file: File & { readonly path?: string }): string {
  return (file.webkitRelativePath || file.path || file.name).replace(/^\.?\//, "");
}

export function isInFolder(file: File): boolean {
  return pathOf(file).includes("/");
}
