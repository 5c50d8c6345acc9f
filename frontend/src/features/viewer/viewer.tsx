import { VisuallyHidden } from "@mantine/core";
import { type KeyboardEvent, useEffect, useState } from "react";

import { evidenceInFocus, evidenceTitle, useEvidenceFocus } from "@/features/evidence";
import { LAYERS, layersOf, useShownLayers } from "@/features/layers";
import { answerOf, type Entry, inReadingOrder, useSession, useSessionSnapshot } from "@/features/session";
import { saveBlob } from "@/lib/download/save-file";

import { canBeViewed } from "./can-be-viewed";
import { run } from "./controls/commands";
import { PresetChoice } from "./controls/preset-choice";
import { type Command, commandOf } from "./controls/shortcuts";
import { toolGroups } from "./controls/tool-groups";
import { Toolbar } from "./controls/toolbar";
import type { Tool } from "./film/film-view";
import { link } from "./film/linking";
import { useSeen } from "./film/use-seen";
import { Help } from "./help";
import { MeasurementList } from "./measurement-list";
import { LayerSwitches } from "./overlay/layer-switches";
import { Caption, EvidenceLegend } from "./pane-words";
import { Pane, type PaneHandle } from "./pane/pane";
import { useTool } from "./pane/use-film-view";
import { composePicture, type PictureFilm } from "./picture/compose-picture";
import { pictureFileName, pictureWords } from "./picture/picture-words";
import styles from "./viewer.module.css";

type Side = "main" | "other";

function isForm(target: EventTarget): boolean {
  return target instanceof HTMLInputElement
    ? target.type !== "checkbox"
    : target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;
}

/** The films on their light box: one or two of them, what can be done with them, what lies over them. */
export function Viewer({ entry }: { readonly entry: Entry }) {
  const session = useSession();
  const { entries } = useSessionSnapshot();
  const layers = useShownLayers();
  const { focusOf } = useEvidenceFocus();
  const [tool, setTool] = useState<Tool>("window");
  const [otherId, setOtherId] = useState<string | null>(null);
  const [isLinked, setLinked] = useState(true);
  const [used, setUsed] = useState<Side>("main");
  const [panes, setPanes] = useState<Readonly<Record<Side, PaneHandle | null>>>({ main: null, other: null });
  const [isHelpOpen, setHelpOpen] = useState(false);
  const [said, setSaid] = useState("");
  useTool(tool);

  const others = entries.filter((each) => each.id !== entry.id && canBeViewed(each));
  const other = others.find(({ id }) => id === otherId) ?? null;
  const [main, second] = [panes.main?.view ?? null, panes.other?.view ?? null];
  const leader = used === "other" && second ? second : main;
  const follower = leader === main ? second : main;
  const seen = useSeen(leader);
  useEffect(
    () => (isLinked && leader && follower ? link(follower, leader) : undefined),
    [isLinked, leader, follower],
  );

  const setPane = useStablePaneSetters(setPanes);
  const compare = () => {
    const nearest = others.find((each) => each.file.name === entry.file.name) ?? others[0];
    setOtherId(other ? null : (nearest?.id ?? null));
    setUsed("main");
  };

  const films = (): PictureFilm[] =>
    (
      [
        [panes.main, entry],
        [panes.other, other],
      ] as const
    ).flatMap(([pane, film]) => {
      if (!pane?.view || !pane.element || !film) return [];
      const answer = answerOf(film);
      const inFocus = evidenceInFocus(answer, focusOf(film.id));
      const map = inFocus?.finding.map;
      const hasHeat = layers.shown.has("evidence") && map && map.maximum > 0;
      return [
        {
          canvas: pane.view.canvas,
          pane: pane.element,
          legend: hasHeat
            ? { words: evidenceTitle(answer, inFocus), opacity: layers.opacity.evidence }
            : null,
          words: pictureWords(answer, inFocus, layers),
        },
      ];
    });
  const copy = async () => {
    try {
      // Handed over as a promise: Safari takes nothing that comes after the click.
      await navigator.clipboard.write([new ClipboardItem({ "image/png": composePicture(films()) })]);
      setSaid("Picture copied, with its notice.");
    } catch {
      // Also where the page did not come over HTTPS: browsers then have no clipboard at all.
      setSaid("The browser did not let the picture be copied. Save it instead.");
    }
  };
  const save = () => {
    composePicture(films()).then(
      (picture) => {
        saveBlob(pictureFileName(answerOf(entry)), picture);
        setSaid("Picture saved, with its notice.");
      },
      () => {
        setSaid("The picture could not be saved.");
      },
    );
  };

  const showImage = (step: 1 | -1) => {
    const viewed = inReadingOrder(entries).filter(canBeViewed);
    const at = viewed.findIndex(({ id }) => id === entry.id);
    const next = viewed[at + step];
    if (next) session.select(next.id);
  };
  const execute = (command: Command) => {
    const pane = used === "other" && panes.other ? panes.other : panes.main;
    if (command.kind === "move" && tool === "magnify") pane?.moveLoupe(command.x, command.y);
    else if (command.kind === "tool") setTool(command.tool);
    else if (command.kind === "layer") layers.toggle(command.layer);
    else if (command.kind === "help") setHelpOpen(!isHelpOpen);
    else if (command.kind === "escape") setHelpOpen(false);
    else if (command.kind === "link") setLinked(!isLinked);
    else if (command.kind === "image") showImage(command.step);
    else if (leader) run(command, leader);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (isForm(event.target)) return;
    const command = commandOf(event);
    if (!command) return;
    event.preventDefault();
    execute(command);
  };

  const groups = toolGroups({
    tool,
    isOpen: leader !== null,
    isInverted: seen?.isInverted ?? false,
    isFlipped: seen?.placement.isFlipped ?? false,
    canCompare: others.length > 0,
    isComparing: other !== null,
    isLinked,
    isHelpOpen,
    act: (command) => () => {
      execute(command);
    },
    compare,
    copy: () => {
      void copy();
    },
    save,
  });

  const layersHere = new Set([entry, other].flatMap((film) => layersOfEntry(film)));
  return (
    // Its keys work while the focus is within it, and nowhere else.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div className={styles.viewer} role="region" aria-label="Viewer" tabIndex={0} onKeyDown={onKeyDown}>
      <Toolbar groups={groups}>
        <PresetChoice view={leader} />
      </Toolbar>
      {isHelpOpen && <Help />}
      <div className={styles.panes} data-two={other !== null || undefined}>
        <Pane
          key={entry.id}
          entry={entry}
          tool={tool}
          handle={setPane.main}
          onUse={() => {
            setUsed("main");
          }}
        >
          {other && <Caption entry={entry} />}
          <EvidenceLegend entry={entry} />
        </Pane>
        {other && (
          <Pane
            key={`beside-${other.id}`}
            entry={other}
            tool={tool}
            handle={setPane.other}
            onUse={() => {
              setUsed("other");
            }}
          >
            <Caption entry={other}>
              <select
                className={styles.choice}
                aria-label="Film beside"
                value={other.id}
                onChange={({ currentTarget }) => {
                  setOtherId(currentTarget.value);
                }}
              >
                {others.map((each) => (
                  <option key={each.id} value={each.id}>
                    {each.file.name}
                  </option>
                ))}
              </select>
            </Caption>
            <EvidenceLegend entry={other} />
          </Pane>
        )}
        <MeasurementList view={leader} />
      </div>
      <div className={styles.foot}>
        <LayerSwitches layers={LAYERS.map(({ id }) => id).filter((id) => layersHere.has(id))} />
        <span className={styles.said} role="status">
          {said}
        </span>
      </div>
      <VisuallyHidden>Press the question mark for the viewer&apos;s keys.</VisuallyHidden>
    </div>
  );
}

type Panes = Readonly<Record<Side, PaneHandle | null>>;

/** Callbacks that stay the same, so that a pane is handed over once. */
function useStablePaneSetters(setPanes: (change: (before: Panes) => Panes) => void) {
  const [setters] = useState(() => ({
    main: (pane: PaneHandle | null) => {
      setPanes((before) => ({ ...before, main: pane }));
    },
    other: (pane: PaneHandle | null) => {
      setPanes((before) => ({ ...before, other: pane }));
    },
  }));
  return setters;
}

function layersOfEntry(entry: Entry | null) {
  const answer = answerOf(entry);
  return answer ? layersOf(answer) : [];
}
