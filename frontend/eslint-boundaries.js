// Which part of the page may import which: lib ◄ components ◄ features ◄ app, and the same inside features.

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

const index = (feature) => ({ type: "feature", captured: { feature }, internalPath: "index.ts" });
const folder = (feature, name) => ({ type: "folder", captured: { feature, folder: name } });

/** The plugin takes no empty list of targets. */
const rule = (from, targets) => (targets.length > 0 ? [{ from, allow: { to: targets } }] : []);

const featureRules = Object.entries(FEATURES).flatMap(([name, { imports = [], folders = {} }]) => {
  const others = imports.map(index);
  const ownFolders = (names) => names.map((each) => folder(name, each));
  const root = { type: "feature", captured: { feature: name } };
  return [
    ...rule(root, [...others, ...ownFolders(Object.keys(folders))]),
    ...Object.entries(folders).flatMap(([each, imported]) =>
      rule(folder(name, each), [...others, ...ownFolders(imported)]),
    ),
  ];
});

export const elements = [
  { type: "lib", pattern: "src/lib" },
  { type: "components", pattern: "src/components" },
  // The innermost of the two counts.
  { type: "folder", pattern: "src/features/*/*", capture: ["feature", "folder"] },
  { type: "feature", pattern: "src/features/*", capture: ["feature"] },
  { type: "app", pattern: "src/app" },
];

export const rules = [
  {
    from: { type: ["components", "feature", "folder", "app"] },
    allow: { to: { type: ["lib", "components"] } },
  },
  ...featureRules,
  { from: { type: "app" }, allow: { to: index("*") } },
];
