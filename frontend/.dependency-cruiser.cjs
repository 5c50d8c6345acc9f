// No file imports itself by way of others, types and dynamic imports included. Which part of the page
// may import which is in eslint-boundaries.js.
module.exports = {
  forbidden: [{ name: "no-circular", severity: "error", from: {}, to: { circular: true } }],
  options: {
    includeOnly: "^src/",
    tsConfig: { fileName: "tsconfig.json" },
    // Types too, which are gone once TypeScript is compiled.
    tsPreCompilationDeps: true,
  },
};
