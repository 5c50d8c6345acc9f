// Which part of the page may import which: lib ◄ components ◄ features ◄ app, and the same inside
// features. No file imports itself by way of others, types and dynamic imports included.

/**
 * The features in order: `imports` names features above it alone, so that there is no way back.
 *
 * Another feature is imported by its `index.ts`. `folders` are the folders inside a feature, in order
 * too: each names the ones that it imports. Files beside `index.ts` may import all of them, and no
 * folder imports those files.
 */
const FEATURES = {
  access: {},
  header: {},
  layers: {},
  models: { folders: { plots: [] } },
  readiness: {},
  received: {},
  evidence: { imports: ["layers"] },
  session: {
    folders: {
      files: [],
      store: ["files"],
      choice: ["store"],
      intake: ["files", "store", "choice"],
      list: ["files", "store", "intake"],
    },
  },
  result: {
    imports: ["evidence", "layers", "session"],
    folders: { anatomy: [], "operating-point": [], report: [], problem: ["operating-point"] },
  },
  viewer: {
    imports: ["evidence", "header", "layers", "session"],
    folders: {
      film: [],
      controls: ["film"],
      engine: ["film"],
      overlay: ["film"],
      pane: ["engine", "film", "overlay"],
      picture: ["film", "overlay"],
    },
  },
  reading: { imports: ["evidence", "layers", "result", "session", "viewer"] },
};

/** Fails where a name in the lists is not above its own. */
function checkOrder(lists) {
  const above = new Set();
  for (const [name, imports] of lists) {
    const wrong = imports.filter((each) => !above.has(each));
    if (wrong.length > 0)
      throw new Error(`"${name}" cannot import what is not above it: ${wrong.join(", ")}.`);
    above.add(name);
  }
}

checkOrder(Object.entries(FEATURES).map(([name, { imports = [] }]) => [name, imports]));
for (const { folders = {} } of Object.values(FEATURES)) checkOrder(Object.entries(folders));

const rule = (from, to) => ({ from: { path: from }, to: { path: to } });
const index = (feature) => `^src/features/${feature}/index\\.ts$`;

const featureRules = Object.entries(FEATURES).flatMap(([name, { imports = [], folders = {} }]) => {
  const feature = `^src/features/${name}/`;
  const others = imports.map(index);
  return [
    rule(`${feature}[^/]+$`, [feature, ...others]),
    ...Object.entries(folders).map(([folder, imported]) =>
      rule(`${feature}${folder}/`, [...[folder, ...imported].map((each) => `${feature}${each}/`), ...others]),
    ),
  ];
});

module.exports = {
  forbidden: [{ name: "no-circular", severity: "error", from: {}, to: { circular: true } }],
  allowed: [
    rule("^src/lib/", "^src/lib/"),
    rule("^src/(components|features|app)/", "^src/(lib|components)/"),
    ...featureRules,
    rule("^src/app/", ["^src/app/", index("[^/]+")]),
    rule("^src/[^/]+$", "^src/"),
  ],
  allowedSeverity: "error",
  options: {
    includeOnly: "^src/",
    tsConfig: { fileName: "tsconfig.json" },
    // Types too, which are gone once TypeScript is compiled.
    tsPreCompilationDeps: true,
  },
};
